// Package measuring is what the Go clients have in common: the command line, the measured phase,
// the line of JSON.
package measuring

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Options is what every client is told (bench/README.md).
type Options struct {
	URL         *url.URL
	BodyBytes   int
	Connections int
	Depth       int
	Requests    int
	WarmUp      int
	Serial      bool
	TLS         *tls.Config
}

// Get does one request, reads the body whole, and gives the status and the body's size.
type Get func() (status, bodyBytes int, err error)

// ReadOptions reads the command line.
func ReadOptions() (*Options, error) {
	var options Options
	text := flag.String("url", "", "http(s)://host:port/bytes/COUNT")
	ca := flag.String("ca", "", "PEM file to trust")
	mode := flag.String("mode", "pipeline", "pipeline or serial")
	flag.IntVar(&options.Connections, "connections", 1, "")
	flag.IntVar(&options.Depth, "depth", 1, "for those that can pipeline")
	flag.IntVar(&options.Requests, "requests", 10000, "")
	flag.IntVar(&options.WarmUp, "warm-up", 0, "")
	flag.Parse()
	var err error
	if options.URL, err = url.Parse(*text); err != nil || options.URL.Host == "" {
		return nil, errors.New("-url http(s)://host:port/bytes/COUNT is missing")
	}
	if options.BodyBytes, err = strconv.Atoi(path.Base(options.URL.Path)); err != nil {
		return nil, errors.New("the URL's path has to be /bytes/COUNT")
	}
	if options.Serial = *mode == "serial"; options.Serial {
		options.Connections, options.Depth = 1, 1
	}
	options.TLS, err = trust(*ca)
	return &options, err
}

func trust(file string) (*tls.Config, error) {
	if file == "" {
		return &tls.Config{}, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate", file)
	}
	return &tls.Config{RootCAs: pool}, nil
}

type phase struct {
	requests  int64
	bodyBytes int
	started   atomic.Int64
	waits     []float64 // microseconds, when serial
}

func (p *phase) work(get Get, serial bool) error {
	for p.started.Add(1) <= p.requests {
		begun := time.Now()
		status, bytes, err := get()
		if err != nil {
			return err
		}
		if status != 200 || bytes != p.bodyBytes {
			return fmt.Errorf("an answer of status %d and %d bytes", status, bytes)
		}
		if serial {
			p.waits = append(p.waits, float64(time.Since(begun).Nanoseconds())/1000)
		}
	}
	return nil
}

func (o *Options) play(requests, outstanding int, get Get) ([]float64, error) {
	p := phase{requests: int64(requests), bodyBytes: o.BodyBytes}
	failures := make([]error, outstanding)
	var workers sync.WaitGroup
	for i := range failures {
		workers.Add(1)
		go func() {
			defer workers.Done()
			failures[i] = p.work(get, o.Serial)
		}()
	}
	workers.Wait()
	return p.waits, errors.Join(failures...)
}

// Measure warms up, measures with so many goroutines, and prints the result.
func (o *Options) Measure(client, variant, version string, outstanding int, get Get) error {
	if _, err := o.play(o.WarmUp, outstanding, get); err != nil {
		return err
	}
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		return err
	}
	begun := time.Now()
	waits, err := o.play(o.Requests, outstanding, get)
	seconds := time.Since(begun).Seconds()
	if err = errors.Join(err, syscall.Getrusage(syscall.RUSAGE_SELF, &after)); err != nil {
		return err
	}
	peak, err := peakRSS()
	if err != nil {
		return err
	}
	result := map[string]any{
		"client": client, "variant": variant, "version": version,
		"requests": o.Requests, "failed": 0, "body_bytes": o.Requests * o.BodyBytes,
		"seconds":            seconds,
		"cpu_user_seconds":   toSeconds(after.Utime) - toSeconds(before.Utime),
		"cpu_system_seconds": toSeconds(after.Stime) - toSeconds(before.Stime),
		"peak_rss_kib":       peak,
	}
	if len(waits) > 0 {
		sort.Float64s(waits)
		result["p50_us"] = waits[int(0.5*float64(len(waits)-1))]
		result["p99_us"] = waits[int(0.99*float64(len(waits)-1))]
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// Not Maxrss: that begins with what the process was before exec, the runner's copy.
func peakRSS() (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	var kib int
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	_, err = fmt.Sscan(line, &kib)
	return kib, err
}

func toSeconds(value syscall.Timeval) float64 {
	return float64(value.Sec) + float64(value.Usec)/1e6
}

// Main runs a client; a failure is a message and exit status 1.
func Main(client string, run func(*Options) error) {
	options, err := ReadOptions()
	if err == nil {
		err = run(options)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", client, err)
		os.Exit(1)
	}
}
