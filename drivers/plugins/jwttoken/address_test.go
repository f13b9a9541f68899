package jwttoken

import (
	"testing"

	"apinto-jwt/jwttest/host"
)

// Whose address counts: that of the connection, unless a proxy that is trusted says otherwise. The test's connections come
// from 127.0.0.1.
func TestAddress(t *testing.T) {
	const via = "127.0.0.0/8"
	for name, tt := range map[string]struct {
		realIP  bool
		proxies []string
		headers []string
		want    string
	}{
		"nothing":                           {false, nil, nil, "127.0.0.1"},
		"nobody is trusted":                 {false, nil, []string{"X-Real-IP: 192.0.2.7", "X-Forwarded-For: 192.0.2.8", "Forwarded: for=192.0.2.9"}, "127.0.0.1"},
		"X-Real-IP":                         {true, nil, []string{"X-Real-IP: 192.0.2.7"}, "192.0.2.7"},
		"X-Real-IP, and no such header":     {true, nil, []string{"X-Forwarded-For: 192.0.2.7"}, "127.0.0.1"},
		"X-Real-IP of another":              {true, []string{"192.0.2.0/24"}, []string{"X-Real-IP: 192.0.2.7"}, "127.0.0.1"},
		"X-Real-IP of a proxy":              {true, []string{via}, []string{"X-Real-IP: 192.0.2.7", "X-Forwarded-For: 192.0.2.8"}, "192.0.2.7"},
		"another proxy is trusted":          {false, []string{"192.0.2.0/24"}, []string{"X-Forwarded-For: 192.0.2.7"}, "127.0.0.1"},
		"no header":                         {false, []string{via}, nil, "127.0.0.1"},
		"one hop":                           {false, []string{via}, []string{"X-Forwarded-For: 192.0.2.7"}, "192.0.2.7"},
		"one address is trusted":            {false, []string{"127.0.0.1"}, []string{"X-Forwarded-For: 192.0.2.7"}, "192.0.2.7"},
		"what the client says before":       {false, []string{via}, []string{"X-Forwarded-For: 198.51.100.1, 192.0.2.7"}, "192.0.2.7"},
		"on a line of its own":              {false, []string{via}, []string{"X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 192.0.2.7"}, "192.0.2.7"},
		"several proxies":                   {false, []string{via, "10.0.0.0/8"}, []string{"X-Forwarded-For: 198.51.100.1,192.0.2.7, 10.1.1.1 ,10.2.2.2"}, "192.0.2.7"},
		"proxies alone":                     {false, []string{via, "10.0.0.0/8"}, []string{"X-Forwarded-For: 10.1.1.1, 10.2.2.2"}, "10.1.1.1"},
		"what is no address":                {false, []string{via, "10.0.0.0/8"}, []string{"X-Forwarded-For: 192.0.2.7, unknown, 10.2.2.2"}, "10.2.2.2"},
		"an empty element":                  {false, []string{via}, []string{"X-Forwarded-For: 192.0.2.7, ,"}, "192.0.2.7"},
		"with a port":                       {false, []string{via}, []string{"X-Forwarded-For: 192.0.2.7:4711"}, "192.0.2.7"},
		"IPv6":                              {false, []string{via}, []string{"X-Forwarded-For: 2001:db8:1:2::9"}, "2001:db8:1:2::/64"},
		"IPv6 with a port":                  {false, []string{via}, []string{"X-Forwarded-For: [2001:db8:1:2::9]:4711"}, "2001:db8:1:2::/64"},
		"IPv6 of a proxy":                   {false, []string{via, "2001:db8::/32"}, []string{"X-Forwarded-For: 192.0.2.7, 2001:db8:1:2::9"}, "192.0.2.7"},
		"IPv4 as IPv6":                      {false, []string{via}, []string{"X-Forwarded-For: ::ffff:192.0.2.7"}, "192.0.2.7"},
		"Forwarded":                         {false, []string{via}, []string{`Forwarded: for=192.0.2.7;proto=https;by=10.0.0.1`}, "192.0.2.7"},
		"Forwarded, any case":               {false, []string{via}, []string{`forwarded: proto=https; For="192.0.2.7:4711"`}, "192.0.2.7"},
		"Forwarded, IPv6":                   {false, []string{via}, []string{`Forwarded: for=198.51.100.1, for="[2001:db8:1:2::9]:4711"`}, "2001:db8:1:2::/64"},
		"Forwarded, a comma in quotes":      {false, []string{via}, []string{`Forwarded: for=192.0.2.7;host="a,for=198.51.100.1"`}, "192.0.2.7"},
		"Forwarded, a quote in quotes":      {false, []string{via}, []string{`Forwarded: for=192.0.2.7;host="a\",for=198.51.100.1"`}, "192.0.2.7"},
		"Forwarded, several lines":          {false, []string{via}, []string{"Forwarded: for=198.51.100.1", "Forwarded: for=192.0.2.7"}, "192.0.2.7"},
		"Forwarded, a made-up name":         {false, []string{via}, []string{"Forwarded: for=192.0.2.7, for=_hidden"}, "127.0.0.1"},
		"Forwarded without for":             {false, []string{via}, []string{"Forwarded: for=192.0.2.7, proto=https"}, "127.0.0.1"},
		"both, and they agree":              {false, []string{via}, []string{"Forwarded: for=192.0.2.7", "X-Forwarded-For: 198.51.100.1, 192.0.2.7"}, "192.0.2.7"},
		"both, one of them is the client's": {false, []string{via}, []string{"Forwarded: for=198.51.100.1", "X-Forwarded-For: 192.0.2.7"}, "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			all, wrong := parseProxies(tt.proxies)
			if len(wrong) > 0 {
				t.Fatal(wrong)
			}
			s := &service{shared: r.shared, trustRealIP: tt.realIP, proxies: all}
			if got := s.address(host.Get(t, "/", tt.headers...)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "[2001:db8:1:2:3:4:5:6]": "2001:db8:1:2::/64",
		"2001:db8:1:2::9": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "rubbish": "rubbish",
	} {
		if got := network(address); got != want {
			t.Errorf("%s is counted as %s, want %s", address, got, want)
		}
	}
}

// Clients behind a proxy that is trusted do not share its failures.
func TestGuessingThroughAProxy(t *testing.T) {
	r := newRig(t)
	r.more.TrustedProxies = []string{"127.0.0.1"}
	from := func(address, user, password string) string {
		return r.call("token", "POST", "grant_type=password&client_id=shop&username="+user+"&password="+password, formType, "X-Forwarded-For: "+address).code()
	}
	for i := range failuresPerAddress {
		if got := from("192.0.2.7", string(rune('a'+i%26))+random(4), "guess"); got != "400 invalid_grant" {
			t.Fatalf("attempt %d: %s", i+1, got)
		}
	}
	if got := from("192.0.2.7", "ann", "correct+horse"); got != "429 temporarily_unavailable" {
		t.Errorf("the address that failed: %s", got)
	}
	if got := from("192.0.2.8", "ann", "correct+horse"); got != "200" {
		t.Errorf("another one: %s", got)
	}
}

// That a proxy is not configured is said, once in a process.
func TestToldOfProxies(t *testing.T) {
	for header, want := range map[string]bool{"Accept: x": false, "X-Forwarded-For: 192.0.2.7": true, "Forwarded: for=192.0.2.7": true, "X-Real-IP: 192.0.2.7": true} {
		r := newRig(t)
		s := &service{shared: r.shared}
		for range 2 {
			s.address(host.Get(t, "/", header))
		}
		told := true
		r.shared.told.Do(func() { told = false })
		if told != want {
			t.Errorf("%s: told %v", header, told)
		}
	}
}
