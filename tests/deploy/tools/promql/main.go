// Reads expressions, one an argument, by Prometheus' own parser: says of the first that it does not understand why.
package main

import (
	"fmt"
	"os"

	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	for _, expression := range os.Args[1:] {
		if _, err := parser.ParseExpr(expression); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", expression, err)
			os.Exit(1)
		}
	}
}
