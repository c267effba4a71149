/**
A table in Markdown whose columns are aligned for those who read it as it is.
*/
export function markdown(
	headings: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
): string {
	const widths = headings.map((_, column) =>
		Math.max(...[headings, ...rows].map(row => row[column]!.length)),
	);
	const line = (cells: readonly string[], filler = ' ') =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column]!, filler)).join(' | ')} |\n`;

	return [
		line(headings),
		line(
			headings.map(() => ''),
			'-',
		),
		...rows.map(row => line(row)),
	].join('');
}
