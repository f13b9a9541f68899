package jwt

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

// metricName is how all metrics of the page begin.
var metricName = regexp.MustCompile(`\bapinto_jwt_[a-z_]+`)

// deployed are the files that name metrics, and the page that says what they mean.
var deployed = []string{"deploy/prometheus/alerts.yaml", "deploy/prometheus/alerts_test.yaml", "deploy/grafana/apinto-jwt.json", "docs/monitoring.md"}

// Alerts, dashboard and documentation name metrics that are there, and the documentation names all of them.
func TestMetricsAreNamedRightly(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	body := page(t, r.factory.driver.showMetrics, "text/plain; version=0.0.4")
	var there []string
	for line := range strings.SplitSeq(body, "\n") {
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, _, _ := strings.Cut(rest, " ")
			there = append(there, name)
		}
	}
	for _, file := range deployed {
		text, err := os.ReadFile(filepath.Join("../../..", file))
		must.Succeed(t, err)
		named := metricName.FindAllString(string(text), -1)
		for _, name := range named {
			if !slices.Contains(there, name) {
				t.Errorf("%s names %s, which the page does not have", file, name)
			}
		}
		for _, name := range there {
			if strings.HasSuffix(file, ".md") && !slices.Contains(named, name) {
				t.Errorf("%s does not name %s", file, name)
			}
		}
	}
}

// The alerts are told in the cases that they are for, and in no others, as Prometheus's own tool finds.
func TestAlerts(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not here (Debian: apt-get install prometheus)")
	}
	for _, arguments := range [][]string{{"check", "rules", "alerts.yaml"}, {"test", "rules", "alerts_test.yaml"}} {
		command := exec.Command(promtool, arguments...)
		command.Dir = "../../../deploy/prometheus"
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", arguments, err, out)
		}
	}
}
