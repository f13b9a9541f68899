package admin

import (
	"encoding/json"
	"errors"
	"net/http"
)

// App reads an application; false if there is none of that name.
func (a *API) App(name string) (*App, bool, error) {
	status, answer, err := a.call(http.MethodGet, "", "api", "app", name)
	switch {
	case err != nil:
		return nil, false, err
	case status == http.StatusNotFound:
		return nil, false, nil
	case status != http.StatusOK:
		return nil, false, answered(status, answer)
	}
	app := new(App)
	if err := json.Unmarshal(answer, app); err != nil {
		return nil, false, errors.New("admin API: the answer is no application")
	}
	return app, true, nil
}

// App is an application, as far as it is read.
type App struct {
	Auth []struct {
		Type  string `json:"type"`
		Users []struct {
			Pattern struct {
				Username *string `json:"username"`
			} `json:"pattern"`
		} `json:"users"`
	} `json:"auth"`
}

// Has reports whether the application has this user, by the type that the driver is of: it is listed, or any user is taken.
func (a *App) Has(user string) bool {
	for _, entry := range a.Auth {
		for _, u := range entry.Users {
			name := u.Pattern.Username
			if entry.Type == "jwt" && name != nil && (*name == user || *name == "*" || *name == "") {
				return true
			}
		}
	}
	return false
}

// Stored is a worker, as an application, as it is stored.
type Stored struct {
	ID   string
	Text []byte // Its configuration, JSON.
}

// Stored reads all workers of a profession, as "app", as they are stored: the list, then each, as the list has their names
// alone.
func (a *API) Stored(profession string) ([]Stored, error) {
	var listed []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	answer, err := a.get("api", profession)
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(answer, &listed) != nil {
		return nil, errors.New("admin API: the answer is no list of workers")
	}
	list := make([]Stored, 0, len(listed))
	for _, one := range listed {
		text, err := a.get("api", profession, one.Name)
		if err != nil {
			return nil, err
		}
		list = append(list, Stored{one.ID, text})
	}
	return list, nil
}
