package rule

// Origin is the source of a configuration. It decides what becomes of its faults.
type Origin uint8

const (
	// Saved now, through the admin API: any fault refuses the whole application.
	Saved Origin = iota
	// Stored earlier: an entry with a fault is set aside and the others stay in force.
	Stored
)
