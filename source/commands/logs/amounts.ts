/**
A number with what it counts: `1 run`, `2 runs`.
*/
export function count(amount: number, name: string): string {
	return `${amount} ${name}${amount === 1 ? '' : 's'}`;
}

export function megabytes(bytes: number): string {
	return `${(Math.max(0, bytes) / 1e6).toFixed(1)} MB`;
}
