/**
The settled turns of a conversation: what was asked and what the consortium finally answered, in order.
*/
export type Thread = readonly SettledTurn[];

export type SettledTurn = {
	/**
	Which question of the conversation, counted from 1; one that got no answer is missing.
	*/
	readonly turn: number;
	readonly question: string;
	readonly answer: string;
};

/**
A thread as text for a message. With `isFirstKnown` the reader has the first question already and is told its final answer only.
*/
export function threadText(thread: Thread, isFirstKnown = false): string {
	return thread
		.map(({question, answer}, index) =>
			isFirstKnown && index === 0
				? `<final_answer>\n${answer}\n</final_answer>`
				: `<question>\n${question}\n</question>\n<final_answer>\n${answer}\n</final_answer>`,
		)
		.join('\n\n');
}
