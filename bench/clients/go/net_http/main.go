// Go's net/http: a Transport with C connections, C goroutines. It can't pipeline.
package main

import (
	"io"
	"net/http"
	"runtime"

	"headrace/bench/clients/measuring"
)

func run(options *measuring.Options) error {
	client := http.Client{Transport: &http.Transport{
		MaxConnsPerHost:     options.Connections,
		MaxIdleConns:        options.Connections,
		MaxIdleConnsPerHost: options.Connections,
		TLSClientConfig:     options.TLS,
		DisableCompression:  true,
	}}
	url := options.URL.String()
	get := func() (int, int, error) {
		response, err := client.Get(url)
		if err != nil {
			return 0, 0, err
		}
		defer response.Body.Close()
		bytes, err := io.Copy(io.Discard, response.Body)
		return response.StatusCode, int(bytes), err
	}
	return options.Measure("Go net/http", "Transport", runtime.Version(), options.Connections, get)
}

func main() { measuring.Main("go_net_http", run) }
