package jwt

import (
	"github.com/eolinker/apinto/application"

	"apinto-jwt/rule"
)

// Config is one entry of type "jwt" in an application's "auth" list, as the admin API takes it. The dashboard's form is
// drawn from it.
type Config struct {
	application.Auth
	Config *rule.Config `json:"config" label:"JWT配置"`
	Users  []*rule.User `json:"users" label:"用户列表"`
}

var _ application.IUser = (*rule.User)(nil)

// usersOf are the users that the host hands over, nil for what is none.
func usersOf(configs []application.ITransformConfig) []*rule.User {
	users := make([]*rule.User, len(configs))
	for i, config := range configs {
		users[i], _ = config.Config().(*rule.User)
	}
	return users
}
