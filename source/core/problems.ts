/**
Problems of a verdict that make the answer less than a verdict's: a fallback was used.
*/
export const degradingProblems = {
	noSynthesis:
		'The arbiter marked no synthesis: its whole reply stands in for one.',
	cutOff: "The arbiter's reply was cut off by a token limit.",
	stopped: "The arbiter's reply was stopped before it was complete.",
	notAll: 'Not every arbiter of the panel gave a verdict.',
} as const;

/**
Those of a verdict's problems that degrade the answer.
*/
export function degrading(problems: readonly string[]): string[] {
	const known: readonly string[] = Object.values(degradingProblems);
	return problems.filter(problem => known.includes(problem));
}
