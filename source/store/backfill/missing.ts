/**
That answers of a run's members were not found, as a problem of it.
*/
export function missingText(count: number): string {
	return count === 1
		? '1 answer of its members is missing.'
		: `${count} answers of its members are missing.`;
}

const missing = /^\d+ answers? of its members (?:is|are) missing(?=\.$)/v;

/**
A problem of a run beside an answer that may be a member's of it.
*/
export function besideAnswer(problem: string): string {
	return problem.replace(missing, '$&; this may be one of them');
}
