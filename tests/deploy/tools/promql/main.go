// Reads expressions and alerts by Prometheus' own parser and engine.
//
//	promql EXPRESSION...   says of the first that it does not understand why
//	promql < trials.json   tells of each trial which alerts fire in its last minute
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, expressions []string) error {
	for _, expression := range expressions {
		if _, err := parser.ParseExpr(expression); err != nil {
			return fmt.Errorf("%s: %w", expression, err)
		}
	}
	if len(expressions) > 0 {
		return nil
	}
	var trials []trial
	if err := json.NewDecoder(os.Stdin).Decode(&trials); err != nil {
		return fmt.Errorf("no trials: %w", err)
	}
	fired := make([][]alert, 0, len(trials))
	for _, one := range trials {
		alerts, err := one.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", one.Expr, err)
		}
		fired = append(fired, alerts)
	}
	return json.NewEncoder(os.Stdout).Encode(fired)
}
