package jwt

import (
	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// userApp is the application of a user as the host gets it. The host refuses an accepted request if the application's
// additional parameters contradict it, and leaves its body unread.
type userApp struct{ application.IApp }

// Execute adds the application's parameters to the request.
func (a userApp) Execute(ctx http_service.IHttpContext) error {
	err := a.IApp.Execute(ctx)
	if err != nil {
		hosthttp.CloseUnread(ctx)
	}
	return err
}
