/**
How the versions of the Python plug-in wrote what they sent and kept, one era each, by the format in which an arbiter was shown the answers.
*/
export const eras = ['a', 'b', 'c', 'd'] as const;

export type Era = (typeof eras)[number];

export type Answer = {
	readonly id: string;
	readonly model: string;

	/**
	Counted from 1.
	*/
	readonly instance: number;
	readonly text: string;
};

export type Iteration = {
	readonly answers: readonly Answer[];
	readonly synthesis: string;
	readonly verdict: string;
};

/**
The prompt of a member in an iteration; `synthesis` is that of the iteration before.
*/
export function memberPrompt(
	era: Era,
	question: string,
	synthesis: string | null,
): string {
	if (synthesis === null) {
		return era === 'd'
			? question
			: `<prompt>\n<instruction>\n[SYSTEM INSTRUCTIONS]\nThink.\n[/SYSTEM INSTRUCTIONS]\n\nHuman: ${question}\n</instruction>\n</prompt>`;
	}

	return era === 'a'
		? `Refining response for original prompt:\n${question}\n\nPrevious synthesis results:\n${JSON.stringify({synthesis})}`
		: era === 'd'
			? `Iteration Guidance:\nImprove on this synthesis:\n${synthesis}`
			: `<prompt>\n<iteration_prompt>\n<original_prompt>${question}</original_prompt>\n<previous_synthesis>${synthesis}</previous_synthesis>\n</iteration_prompt>\n</prompt>`;
}

/**
The prompt of an arbiter, with the answers of this iteration and what came before.
*/
export function arbiterPrompt(
	era: Era,
	question: string,
	answers: readonly Answer[],
	history: readonly Iteration[],
): string {
	const instructions =
		era === 'a' ? '' : '    <user_instructions></user_instructions>\n';
	return `<arbiter_prompt>\n${instructions}    <original_prompt>${question}</original_prompt>\n    <model_responses>\n        ${shown(era, answers)}\n    </model_responses>\n    <iteration_history>\n        ${told(era, history)}\n    </iteration_history>\n</arbiter_prompt>\n\nWeigh them & decide.`;
}

function shown(era: Era, answers: readonly Answer[]): string {
	if (era === 'd') {
		return answers
			.map(
				({model, text}, nth) =>
					String.raw`--- RESPONSE ${nth + 41} (Model: ${model}) ---\n${text}\n\n`,
			)
			.join('');
	}

	return answers
		.map(({model, instance, text}, nth) =>
			[
				'<model_response>',
				...(era === 'c' ? [`<id>${nth + 1}</id>`] : []),
				`<model>${model}</model>`,
				...(era === 'a' ? [] : [`<instance>${instance}</instance>`]),
				'<confidence>0.8</confidence>',
				`<response>${text}</response>`,
			]
				.join('\n            ')
				.concat('\n        </model_response>'),
		)
		.join('\n');
}

function told(era: Era, history: readonly Iteration[]): string {
	if (era === 'd') {
		return history
			.map(
				({synthesis}, nth) =>
					String.raw`Iteration ${nth + 1} synthesis:\n${synthesis}\n\n`,
			)
			.join('');
	}

	return history.length === 0
		? '<no_previous_iterations>None.</no_previous_iterations>'
		: history
				.map(
					({answers, synthesis}, nth) =>
						`<iteration>\n<iteration_number>${nth + 1}</iteration_number>\n<model_responses>\n${answers
							.map(
								({model, text}) =>
									`<model_response>${model}: ${text}</model_response>`,
							)
							.join(
								'\n',
							)}\n</model_responses>\n<synthesis>${synthesis}</synthesis>\n<confidence>0.5</confidence>\n</iteration>`,
				)
				.join('\n');
}

/**
What a version kept as the JSON of the answer with this id.
*/
export function resultJson(
	era: Era,
	{
		id,
		question,
		iterations,
		models,
	}: {
		readonly id: string;
		readonly question: string;
		readonly iterations: readonly Iteration[];
		readonly models: readonly string[];
	},
): string {
	const last = iterations.at(-1)!;
	const answers = (of: Iteration) =>
		of.answers.map(({text, instance, model, id: answerId}) =>
			era === 'd'
				? {model, instance: instance - 1, response: text, response_id: answerId}
				: {model, instance, response: text, confidence: 0.8},
		);
	// Only later versions of llm put references in the place of texts.
	const own = (of: Iteration) =>
		of === last && (era === 'c' || era === 'd') ? {$: `r:${id}`} : of.synthesis;
	const verdict = (of: Iteration) => ({
		synthesis: own(of),
		confidence: 0.75,
		raw_arbiter_response: of.verdict,
	});

	return JSON.stringify(
		era === 'd'
			? {
					synthesis: verdict(last),
					iterations: iterations.map((of, nth) => ({
						iteration: nth + 1,
						model_responses: answers(of),
						synthesis: verdict(of),
					})),
					metadata: {
						total_iterations: iterations.length,
						consortium_id: `uuid-${id}`,
						config: {
							models: Object.fromEntries(models.map(model => [model, 1])),
							arbiter: 'judge',
						},
					},
					original_prompt: question,
				}
			: {
					original_prompt: question,
					[era === 'a' ? 'model_responses' : 'model_responses_final_iteration']:
						answers(last),
					synthesis: verdict(last),
					metadata: {
						models_used: models,
						arbiter: 'judge',
						iteration_count: iterations.length,
					},
				},
	);
}
