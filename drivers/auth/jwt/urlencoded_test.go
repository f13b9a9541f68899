package jwt

import "testing"

// A filter that stood before may have read the form: what it read must not bring the token back.
func TestHiddenFieldOfAFormThatWasRead(t *testing.T) {
	read := map[string]func(formReader) error{
		"a field":      func(f formReader) error { f.GetForm("a"); return nil },
		"the form":     func(f formReader) error { _, err := f.BodyForm(); return err },
		"the raw body": func(f formReader) error { _, err := f.RawBody(); return err },
	}
	for name, read := range read {
		for _, body := range []string{"jwt={ann}", "a=1&jwt={ann}"} {
			t.Run(name+" of "+body, func(t *testing.T) {
				hidesReadForm(t, "application/x-www-form-urlencoded", body, read, nil)
			})
			t.Run(name+" of "+body+", then a field is added", func(t *testing.T) {
				hidesReadForm(t, "application/x-www-form-urlencoded", body, read, func(f formWriter) error { return f.AddForm("z", "1") })
			})
			t.Run(name+" of "+body+", then a field is set", func(t *testing.T) {
				hidesReadForm(t, "application/x-www-form-urlencoded", body, read, func(f formWriter) error { return f.SetToForm("z", "1") })
			})
		}
	}
}
