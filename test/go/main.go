// Checks a served or exported log with Go's own transparency code: golang.org/x/mod/sumdb/{note,tlog}.
// Usage: go run . <prefix URL or folder> <verifier key>
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 3 {
		fail("usage: go run . <prefix URL or folder> <verifier key>")
	}
	size, err := check(os.Args[1], os.Args[2])
	if err != nil {
		fail(err.Error())
	}
	fmt.Printf("accepted: %d entries\n", size)
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, "rejected:", reason)
	os.Exit(1)
}

func check(prefix, vkey string) (int64, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return 0, err
	}
	text, err := read(prefix, "checkpoint")
	if err != nil {
		return 0, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	// tlog.ParseTree reads Go's own first line; a C2SP checkpoint has the origin there instead.
	lines := strings.SplitN(opened.Text, "\n", 2)
	if lines[0] != verifier.Name() {
		return 0, fmt.Errorf("checkpoint: origin %q is not the key's name", lines[0])
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + lines[1]))
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	if tree.N == 0 {
		return 0, nil
	}
	return tree.N, checkTree(prefix, tree)
}

// Every hash comes through tlog's own tile reader, which authenticates tiles against the signed root.
func checkTree(prefix string, tree tlog.Tree) error {
	hashes := tlog.TileHashReader(tree, &tiles{prefix: prefix, size: tree.N})
	for first := int64(0); first < tree.N; first += 256 {
		width := min(256, tree.N-first)
		entries, err := readEntries(prefix, first/256, width)
		if err != nil {
			return err
		}
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		stored, err := hashes.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			if tlog.RecordHash(entry) != stored[i] {
				return fmt.Errorf("entry %d is not the one that the tree has", first+int64(i))
			}
		}
	}
	return checkProofs(tree, hashes)
}

func checkProofs(tree tlog.Tree, hashes tlog.HashReader) error {
	for _, n := range samples(tree.N) {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(tree.N, n, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf[0]); err != nil {
			return fmt.Errorf("inclusion of %d: %w", n, err)
		}
		old, err := tlog.TreeHash(n+1, hashes)
		if err != nil {
			return err
		}
		growth, err := tlog.ProveTree(tree.N, n+1, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(growth, tree.N, tree.Hash, n+1, old); err != nil {
			return fmt.Errorf("consistency from %d: %w", n+1, err)
		}
	}
	return nil
}

func samples(size int64) []int64 {
	wanted := []int64{0, 1, 127, 255, 256, size / 2, size - 2, size - 1}
	var found []int64
	for _, n := range wanted {
		if n >= 0 && n < size {
			found = append(found, n)
		}
	}
	return found
}

func readEntries(prefix string, index, width int64) ([][]byte, error) {
	path := "tile/entries/" + tileName(index) + partial(width)
	data, err := read(prefix, path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) >= 2 {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, fmt.Errorf("%s is cut", path)
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(data) != 0 || int64(len(entries)) != width {
		return nil, fmt.Errorf("%s has %d entries instead of %d", path, len(entries), width)
	}
	return entries, nil
}

// tiles reads C2SP paths: unlike Go's own they carry no tile height.
type tiles struct {
	prefix string
	size   int64
}

func (t *tiles) Height() int { return 8 }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := read(t.prefix, fmt.Sprintf("tile/%d/%s%s", tile.L, tileName(tile.N), partial(int64(tile.W))))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %d/%d has %d bytes", tile.L, tile.N, len(data))
		}
		found = append(found, data)
	}
	return found, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func tileName(n int64) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	return name
}

func partial(width int64) string {
	if width == 256 {
		return ""
	}
	return fmt.Sprintf(".p/%d", width)
}

func read(prefix, path string) ([]byte, error) {
	if !strings.HasPrefix(prefix, "http://") && !strings.HasPrefix(prefix, "https://") {
		return os.ReadFile(filepath.Join(prefix, filepath.FromSlash(path)))
	}
	response, err := http.Get(prefix + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, response.StatusCode)
	}
	var body bytes.Buffer
	_, err = io.Copy(&body, response.Body)
	return body.Bytes(), err
}
