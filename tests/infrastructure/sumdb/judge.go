// Judge a log with golang.org/x/mod/sumdb: signed notes, tiles, proofs. It knows nothing of us.
//
//	judge FOLDER VKEY [PROOF…]
//
// FOLDER holds `checkpoint` and `tile/…` (C2SP tlog-tiles). Exit code 1, and why, at the first
// thing that does not hold; else what was checked, in one line.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Folder reads tiles of height 8. The module database has the height and the word "data" in its
// paths, C2SP the word "entries".
type Folder string

func (Folder) Height() int { return 8 }

func (Folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f Folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		path = strings.Replace(path, "tile/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

func check(err error, of string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", of, err)
		os.Exit(1)
	}
}

func tree(signed []byte, keys note.Verifiers) tlog.Tree {
	opened, err := note.Open(signed, keys)
	check(err, "note")
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		check(fmt.Errorf("%d lines", len(lines)), "checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "root")
	return tlog.Tree{N: size, Hash: root}
}

// Leaves are the hashes of the records of a log, in order, each read from its bundle.
func leaves(f Folder, size int64) []tlog.Hash {
	var found []tlog.Hash
	for n := int64(0); n*256 < size; n++ {
		width := int(size - n*256)
		if width > 256 {
			width = 256
		}
		read, err := f.ReadTiles([]tlog.Tile{{H: 8, L: -1, N: n, W: width}})
		check(err, "entries")
		for data := read[0]; len(data) > 0; {
			length := int(binary.BigEndian.Uint16(data))
			found = append(found, tlog.RecordHash(data[2:2+length]))
			data = data[2+length:]
		}
	}
	return found
}

// A proof is told of the checkpoint that it carries, and of the leaf at its index.
func prove(file string, keys note.Verifiers, all []tlog.Hash) {
	content, err := os.ReadFile(file)
	check(err, file)
	head, signed, _ := bytes.Cut(content, []byte("\n\n"))
	at, proof := int64(-1), tlog.RecordProof(nil)
	for _, line := range strings.Split(string(head), "\n")[1:] {
		if strings.HasPrefix(line, "extra ") {
			continue
		}
		if strings.HasPrefix(line, "index ") {
			at, err = strconv.ParseInt(line[6:], 10, 64)
			check(err, file)
			continue
		}
		var hash tlog.Hash
		decoded, err := base64.StdEncoding.DecodeString(line)
		check(err, file)
		copy(hash[:], decoded)
		proof = append(proof, hash)
	}
	signer := tree(signed, keys)
	check(tlog.CheckRecord(proof, signer.N, signer.Hash, at, all[at]), file)
}

func main() {
	folder := Folder(os.Args[1])
	key, err := note.NewVerifier(os.Args[2])
	check(err, "key")
	keys := note.VerifierList(key)
	signed, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	check(err, "checkpoint")
	latest := tree(signed, keys)
	// Each tile that it reads is checked against the root.
	hashes := tlog.TileHashReader(latest, folder)
	all := leaves(folder, latest.N)
	if int64(len(all)) != latest.N {
		check(fmt.Errorf("%d of %d", len(all), latest.N), "entries")
	}
	for at, leaf := range all {
		proof, err := tlog.ProveRecord(latest.N, int64(at), hashes)
		check(err, "inclusion")
		check(tlog.CheckRecord(proof, latest.N, latest.Hash, int64(at), leaf), "inclusion")
	}
	for size := int64(1); size <= latest.N; size = size*3/2 + 1 {
		earlier, err := tlog.TreeHash(size, hashes)
		check(err, "root")
		proof, err := tlog.ProveTree(latest.N, size, hashes)
		check(err, "consistency")
		check(tlog.CheckTree(proof, latest.N, latest.Hash, size, earlier), "consistency")
	}
	for _, file := range os.Args[3:] {
		prove(file, keys, all)
	}
	fmt.Printf("%d entries, %d proofs, root %s\n", latest.N, len(os.Args)-3, latest.Hash)
}
