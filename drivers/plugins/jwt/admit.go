package jwt

import (
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/log"

	driver "apinto-jwt/drivers/auth/jwt"
)

// The labels that the filter adds to those of the driver.
const (
	// LabelWould is, if the mode is "observe", what would have become of the request: the reason for which it would
	// have been refused, "accepted", or "passed" for one without a token that nothing is required of.
	LabelWould = "jwt_would"
	// LabelDropped names the headers for which a claim had no value that a header can carry.
	LabelDropped = "jwt_dropped"

	wouldPass = "passed"
)

// The host's labels of an authenticated request.
const (
	labelApplicationID = "application_id"
	labelApplication   = "application"
	labelToken         = "token"
	labelStatus        = "auth_status"

	statusSuccess = "success"
	statusFail    = "fail"
)

// zeroTime is passed if a check looks at no time.
var zeroTime time.Time

// admit does to an accepted request what the host's plugin "app" does, in its order: the claims that become labels and
// hiding the token, the labels of user and application, and the application's additional parameters. Once the label
// "application_id" is there, "app" lets the request pass. The parameters are left alone if an earlier plugin has
// found out the application, as "app" leaves them alone then.
func admit(ctx http_service.IHttpContext, v verdict) *refusal {
	user := v.result.User(v.match)
	v.result.Admit(v.match, ctx)
	setLabels(ctx, user.Labels)
	setLabels(ctx, user.App.Labels())
	ctx.SetLabel(labelApplicationID, user.App.Id())
	ctx.SetLabel(labelApplication, user.App.Name())
	ctx.SetLabel(labelToken, user.Name)
	ctx.SetLabel(labelStatus, statusSuccess)
	if v.earlier != "" {
		return nil
	}
	if err := user.App.Execute(ctx); err != nil {
		log.Debug("[jwt] additional parameters of application ", user.App.Id(), ": ", err)
		return refusalParameters
	}
	return nil
}

func setLabels(ctx http_service.IHttpContext, labels map[string]string) {
	for name, value := range labels {
		ctx.SetLabel(name, value)
	}
}

// labelRefusal writes why a request is refused into its labels. What the driver refuses, it has labelled itself, but for
// a request without a token, which another way to authenticate may accept: not here.
func labelRefusal(ctx http_service.IHttpContext, v verdict) {
	if v.refusal.ours || v.result.Formless() {
		v.result.Refuse(ctx, v.refusal.reason)
		return
	}
	ctx.SetLabel(driver.LabelResult, v.refusal.reason)
}
