interface Props {
  title: string;
  steps: readonly string[];
}

/** How something goes, beside the form that begins it. */
export const Steps = ({ title, steps }: Props) => (
  <aside className="steps" aria-label={title}>
    <h2>{title}</h2>
    <ol>
      {steps.map((step) => (
        <li key={step}>
          <span>{step}</span>
        </li>
      ))}
    </ol>
  </aside>
);
