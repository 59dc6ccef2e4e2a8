package main

import (
	"context"
	"fmt"
	"net/url"
	"sort"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/template"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// A rule, and what it is evaluated on, once a minute. Series are as Prometheus' own tests write them, a sample a minute:
// `up{job="apps"} 1x9 0x20`.
type trial struct {
	Expr    string
	For     string
	Summary string
	Series  []string
	Minutes int
}

type alert struct {
	Labels  map[string]string `json:"labels"`
	Summary string            `json:"summary"`
}

// Which alerts fire in the last minute: those that were there in every minute for as long as the rule says, as
// Prometheus has it (rules/alerting.go).
func (t trial) run(ctx context.Context) ([]alert, error) {
	var hold model.Duration
	if t.For != "" {
		parsed, err := model.ParseDuration(t.For)
		if err != nil {
			return nil, err
		}
		hold = parsed
	}
	kept, err := readSeries(t.Series)
	if err != nil {
		return nil, err
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e6, Timeout: time.Minute})
	ask := func(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
		query, err := engine.NewInstantQuery(ctx, kept, nil, expr, at)
		if err != nil {
			return nil, err
		}
		defer query.Close()
		return query.Exec(ctx).Vector()
	}
	since := map[string]time.Time{}
	fired := []alert{}
	for minute := 0; minute <= t.Minutes; minute++ {
		at := time.Unix(int64(minute)*60, 0)
		found, err := ask(ctx, t.Expr, at)
		if err != nil {
			return nil, err
		}
		before := since
		since = map[string]time.Time{}
		fired = []alert{}
		for _, result := range found {
			metric := labels.NewBuilder(result.Metric).Del(labels.MetricName).Labels()
			if _, twice := since[metric.String()]; twice {
				return nil, fmt.Errorf("two results are the same alert: %s", metric)
			}
			began, waited := before[metric.String()]
			if !waited {
				began = at
			}
			since[metric.String()] = began
			if at.Sub(began) < time.Duration(hold) {
				continue
			}
			data := template.AlertTemplateData(metric.Map(), nil, "", result)
			words := "{{$labels := .Labels}}{{$value := .Value}}" + t.Summary
			summary, err := template.NewTemplateExpander(ctx, words, "summary", data,
				model.TimeFromUnix(at.Unix()), template.QueryFunc(ask), &url.URL{}, []string{"missingkey=error"}).Expand()
			if err != nil {
				return nil, err
			}
			fired = append(fired, alert{metric.Map(), summary})
		}
	}
	sort.Slice(fired, func(i, j int) bool { return fired[i].Summary < fired[j].Summary })
	return fired, nil
}

// What was measured, in memory.
type series []storage.Series

func readSeries(descriptions []string) (series, error) {
	var read series
	for _, description := range descriptions {
		metric, values, err := parser.ParseSeriesDesc(description)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", description, err)
		}
		var samples []chunks.Sample
		for minute, value := range values {
			if !value.Omitted {
				samples = append(samples, sample{int64(minute) * 60_000, value.Value})
			}
		}
		read = append(read, storage.NewListSeries(metric, samples))
	}
	return read, nil
}

func (s series) Querier(int64, int64) (storage.Querier, error) {
	return &storage.MockQuerier{SelectMockFunction: s.matching}, nil
}

func (s series) matching(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, one := range s {
		matched := true
		for _, matcher := range matchers {
			matched = matched && matcher.Matches(one.Labels().Get(matcher.Name))
		}
		if matched {
			found = append(found, one)
		}
	}
	return &seriesSet{rest: found}
}

type seriesSet struct {
	rest []storage.Series
	now  storage.Series
}

func (s *seriesSet) Next() bool {
	if len(s.rest) == 0 {
		return false
	}
	s.now, s.rest = s.rest[0], s.rest[1:]
	return true
}

func (s *seriesSet) At() storage.Series                { return s.now }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

type sample struct {
	atMs  int64
	value float64
}

func (s sample) T() int64                      { return s.atMs }
func (s sample) F() float64                    { return s.value }
func (s sample) H() *histogram.Histogram       { return nil }
func (s sample) FH() *histogram.FloatHistogram { return nil }
func (s sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s sample) Copy() chunks.Sample           { return s }
