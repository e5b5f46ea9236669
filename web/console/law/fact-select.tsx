interface FactSelectProps {
  readonly name: string;
  readonly value: string;
  readonly values: readonly string[];
  onValue(value: string): void;
}

/** One fact of a decision, out of those that the charter knows. */
export function FactSelect({ name, value, values, onValue }: FactSelectProps) {
  const known = values.includes(value) ? values : [value, ...values];
  return (
    <label className="field">
      <span className="label">{name}</span>
      <select value={value} onChange={(event) => onValue(event.target.value)}>
        {known.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
