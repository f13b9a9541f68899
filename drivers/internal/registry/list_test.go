package registry

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// numbered is an item of a list, which counts them in the order in which they were added.
type numbered struct {
	number int
	over   atomic.Bool
}

func (n *numbered) Ended() bool { return n.over.Load() }

// listModel is a list beside what it must have in it.
type listModel struct {
	list[*numbered]
	live []*numbered // what has not ended, in order
	made int

	// held is what a slow reader has in hand, and had is what that was when it looked.
	held, had []*numbered
}

func (m *listModel) grow() {
	n := &numbered{number: m.made}
	m.made++
	m.add(n)
	m.live = append(m.live, n)
}

// shrink ends the item that is at this place among those that have not ended.
func (m *listModel) shrink(at int) (left int) {
	m.live[at].over.Store(true)
	m.live = slices.Delete(m.live, at, at+1)
	return m.end()
}

// look has a slow reader take the list in hand.
func (m *listModel) look() { m.held, m.had = m.all(), slices.Clone(m.all()) }

// check compares what a reader sees, and looks behind the end for what must have been let go.
func (m *listModel) check(t *testing.T) {
	t.Helper()
	if !slices.Equal(m.held, m.had) {
		t.Fatal("the list has changed under its reader")
	}
	all, seen := m.all(), make([]*numbered, 0, len(m.live))
	for _, n := range all {
		if !n.Ended() {
			seen = append(seen, n)
		}
	}
	if !slices.Equal(seen, m.live) {
		t.Fatalf("a reader sees %d that have not ended, want these %d in their order", len(seen), len(m.live))
	}
	if over := len(all) - len(seen); over > 0 && 2*over >= len(all) {
		t.Fatalf("%d of %d have ended", over, len(all))
	}
	for _, n := range all[len(all):cap(all)] {
		if n != nil {
			t.Fatalf("item %d is held behind the end", n.number)
		}
	}
}

func TestListAgainstAModel(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		m := new(listModel)
		m.check(t)
		for i := range 2000 {
			growing := 30 + 40*(i/500%2) // for a while it shrinks, then it grows, and again
			if len(m.live) == 0 || random.IntN(100) < growing {
				m.grow()
			} else if left := m.shrink(random.IntN(len(m.live))); left != len(m.live) {
				t.Fatalf("seed %d, change %d: %d are left, want %d", seed, i, left, len(m.live))
			}
			m.check(t)
			if i%16 == 0 {
				m.look()
			}
		}
		for len(m.live) > 0 {
			m.shrink(len(m.live) - 1)
			m.check(t)
		}
		if all := m.all(); len(all) != 0 {
			t.Fatalf("%d are there when all have ended", len(all))
		}
	}
}

// A change costs what changes: however the list is used, it moves a few items for each one that comes or goes.
func TestListMovesLittle(t *testing.T) {
	const size = 2000
	for name, use := range map[string]func(m *listModel, step func(func())){
		"all come, then all go": func(m *listModel, step func(func())) {
			for range size {
				step(m.grow)
			}
			for range size {
				step(func() { m.shrink(0) })
			}
		},
		"one comes and goes": func(m *listModel, step func(func())) {
			for range size {
				step(m.grow)
				step(func() { m.shrink(0) })
			}
		},
		"one of many comes and goes": func(m *listModel, step func(func())) {
			for range size {
				step(m.grow)
			}
			for range 2 * size {
				step(m.grow)
				step(func() { m.shrink(len(m.live) - 1) })
			}
		},
		"half of many go, then one comes and goes": func(m *listModel, step func(func())) {
			for range size {
				step(m.grow)
			}
			for range size/2 - 1 {
				step(func() { m.shrink(0) })
			}
			for range 2 * size {
				step(func() { m.shrink(0) })
				step(m.grow)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, steps, moved := new(listModel), 0, 0
			use(m, func(change func()) {
				before := m.all()
				change()
				steps++
				if now := m.all(); len(now) > 0 && (len(before) == 0 || &now[0] != &before[0]) {
					moved += len(before)
				}
			})
			m.check(t)
			if moved > 6*steps {
				t.Errorf("%d changes have moved %d items", steps, moved)
			}
		})
	}
}

// Readers see at any moment all that is there the whole time, each once and in order, and what they have in hand does
// not change.
func TestListWhileItIsRead(t *testing.T) {
	const stay = 5
	m := new(listModel)
	for range stay {
		m.grow()
	}
	stop := make(chan struct{})
	var readers sync.WaitGroup
	var reads atomic.Int64
	for range 3 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				reads.Add(1)
				all, next := m.all(), -1
				copied := slices.Clone(all)
				for i, n := range all {
					if n == nil || n.number <= next || i < stay && n.number != i {
						t.Errorf("place %d has %v behind %d", i, n, next)
						return
					}
					next = n.number
				}
				if len(all) < stay || !slices.Equal(copied, all) {
					t.Errorf("the list has %d items, or has changed under its reader", len(all))
					return
				}
			}
		}()
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := 0; !t.Failed() && (i < 20_000 || reads.Load() < 5000); i++ {
		if len(m.live) == stay || len(m.live) < 100 && random.IntN(100) < 30+40*(i/1000%2) {
			m.grow()
		} else {
			m.shrink(stay + random.IntN(len(m.live)-stay))
		}
	}
	close(stop)
	readers.Wait()
	m.check(t)
}
