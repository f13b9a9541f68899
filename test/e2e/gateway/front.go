package gateway

import "context"

// Front puts the gateway in front of an upstream (host:port): every path asks
// for authentication but those below /open/, and each request is logged. The
// host lets everything through while there is no application at all, so the
// caller creates one that stays.
func (n *Node) Front(ctx context.Context, upstream string, log AccessLog) error {
	if err := n.Create(ctx, log); err != nil {
		return err
	}
	output := map[string]any{"output": []string{log.Name + "@output"}}
	if err := n.SetPlugins(
		ctx,
		GlobalPlugin("access_log", PluginAccessLog, output), // first, to see what "app" refuses
		GlobalPlugin("app", PluginApp, nil),
	); err != nil {
		return err
	}
	for _, worker := range []Worker{
		Service{Name: "up", Nodes: []string{upstream}},
		Router{Name: "all", Location: "/*", Service: "up"},
		Router{Name: "open", Location: "/open/*", Service: "up", Open: true},
	} {
		if err := n.Create(ctx, worker); err != nil {
			return err
		}
	}
	return nil
}
