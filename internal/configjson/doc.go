// Package configjson reads a configuration's JSON object field by field: every fault is reported, each with its path.
// Of a name that is no field it tells which field was meant.
package configjson
