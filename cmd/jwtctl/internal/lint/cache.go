package lint

import (
	"fmt"

	"github.com/tidwall/gjson"
)

// cacheDriver is the driver of a cache strategy.
const cacheDriver = "cache"

// lookAtCache looks at cache strategies where routes ask for tokens. The admin API does not tell whose plugin of the cache a
// gateway was built with.
func lookAtCache(in *Input, entries []*entry, r *reporter) {
	cache := in.position(pluginCache)
	if len(entries) == 0 || cache < 0 {
		return
	}
	asking := -1 // the first that asks for tokens
	for _, id := range []string{pluginApp, pluginFilter} {
		if at := in.position(id); at >= 0 && (asking < 0 || at < asking) {
			asking = at
		}
	}
	for _, document := range in.Strategies {
		strategy := gjson.ParseBytes(document.Text)
		if asking < 0 || strategy.Get("driver").String() != cacheDriver || strategy.Get("stop").Bool() {
			continue
		}
		if cache < asking {
			r.add(idCacheInFront, document.at(""), fmt.Sprintf("keeps answers, and its plugin (plugins[%d]) stands in front of plugins[%d]", cache, asking))
		} else {
			r.add(idCacheBehind, document.at(""), "keeps answers of routes that ask for tokens")
		}
	}
}
