interface Props {
  onDiscard: () => void;
}

/** Says that what stands in the form was typed earlier. */
export function DraftNote({ onDiscard }: Props) {
  return (
    <div role="status" className="notice d-flex flex-wrap gap-2 align-items-center justify-content-between">
      <span>We kept what you had typed.</span>
      <button type="button" className="btn btn-quiet btn-sm" onClick={onDiscard}>
        Discard it
      </button>
    </div>
  );
}
