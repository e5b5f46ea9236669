/** A reporter for Node's test runner: the counts of a whole run as one JSON object. */
export default async function* countTests(events) {
  for await (const { type, data } of events) {
    // A summary with a file is of that file alone.
    if (type === 'test:summary' && data.file === undefined) yield JSON.stringify(data.counts);
  }
}
