/** Before the first messages are there: bars that stand still. */
export function StillLoading() {
  return (
    <div className="still" role="presentation">
      <span />
      <span />
      <span />
    </div>
  );
}
