package admin

import (
	"net/http"
	"time"
)

// Setting reads a setting, as "plugin", the list of plugins.
func (a *API) Setting(name string) ([]byte, error) { return a.get("setting", name) }

// Status is the driver's status page at one node, and the node's clock.
type Status struct {
	Text []byte    // JSON; nil: the gateway has no such page.
	Date time.Time // When the node answered, by its clock, in whole seconds; zero: it does not say.
	At   time.Time // When the answer came, by this machine's clock.
}

// Status asks for the status page.
func (a *API) Status() (Status, error) {
	status, header, answer, err := a.exchange(http.MethodGet, "", "apinto", "jwt", "status")
	if err != nil {
		return Status{}, err
	}
	s := Status{At: time.Now()}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		s.Date = date
	}
	switch status {
	case http.StatusOK:
		s.Text = answer
	case http.StatusNotFound:
	default:
		return Status{}, answered(status, answer)
	}
	return s, nil
}
