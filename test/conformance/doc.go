// Package conformance compares the project with what others say of JSON Web Tokens: Project Wycheproof's vectors here,
// other verifiers in package diff. It is a module of its own, so that their code is in nobody's dependencies.
package conformance
