package rule

import (
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/printable"
	"apinto-jwt/token"
)

// ClaimLabel puts a claim into a label of the request.
type ClaimLabel struct {
	Path  token.Path
	Label string
}

// reservedLabels are the host's own: a token must not be able to set them.
var reservedLabels = map[string]bool{
	"application_id": true, "application": true, "token": true, "auth_status": true,
	"api": true, "api_id": true, "service": true, "service_id": true, "service_title": true,
	"method": true, "path": true, "ip": true, "time": true,
	"stream_running": true, "current_running": true, "disable_stream": true,
	"handler": true, "block_name": true, "provider": true,
	"response-content-type": true, "request_body": true, "response_body": true,
}

// compileLabels reads which claims become labels, in the order of their paths.
func compileLabels(labels map[string]string, f *configjson.FieldErrors) []ClaimLabel {
	list := make([]ClaimLabel, 0, len(labels))
	for _, source := range sortedKeys(labels) {
		path, err := token.ParsePath(source)
		switch label := labels[source]; {
		case err != nil:
			f.Add("config.claims_to_labels", "%q %s", source, err)
		case strings.TrimSpace(label) == "" || printable.Text(label) != label:
			f.Add("config.claims_to_labels", "%q: the label's name is empty or not printable", source)
		case reservedLabels[label] || strings.HasPrefix(label, "jwt_"):
			f.Add("config.claims_to_labels", "%q: the label %q belongs to the gateway; choose another name", source, label)
		default:
			list = append(list, ClaimLabel{path, label})
		}
	}
	return list
}
