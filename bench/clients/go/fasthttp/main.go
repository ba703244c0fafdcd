// fasthttp's PipelineClient: C connections, C x D goroutines, so that D requests share a connection.
package main

import (
	"runtime"
	"runtime/debug"

	"github.com/valyala/fasthttp"

	"headrace/bench/clients/measuring"
)

func version() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == "github.com/valyala/fasthttp" {
				return module.Version + ", " + runtime.Version()
			}
		}
	}
	return runtime.Version()
}

func run(options *measuring.Options) error {
	outstanding := options.Connections * options.Depth
	client := fasthttp.PipelineClient{
		Addr:     options.URL.Host,
		MaxConns: options.Connections,
		// Past this it drops requests; requests that wait to be written count too.
		MaxPendingRequests: outstanding,
		IsTLS:              options.URL.Scheme == "https",
		TLSConfig:          options.TLS,
	}
	url := options.URL.String()
	get := func() (int, int, error) {
		request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(request)
		defer fasthttp.ReleaseResponse(response)
		request.SetRequestURI(url)
		err := client.Do(request, response)
		return response.StatusCode(), len(response.Body()), err
	}
	return options.Measure("Go fasthttp", "PipelineClient", version(), outstanding, get)
}

func main() { measuring.Main("go_fasthttp", run) }
