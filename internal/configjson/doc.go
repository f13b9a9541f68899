// Package configjson reads a configuration's JSON object field by field: every fault is reported, each with its path.
// Of a name that is no field it finds the field that was meant.
package configjson
