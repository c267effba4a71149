import {type Caching} from '../source/core/caching.js';
import {
	consortiumDefaults,
	type MemoryMode,
} from '../source/core/consortium.js';
import {createConversation} from '../source/core/conversation.js';
import {drive} from '../source/core/drive.js';
import {memberSystem} from '../source/core/member-system.js';
import {runConsortium} from '../source/core/run-consortium.js';
import {fill, type TemplateName} from '../source/core/template.js';
import {readTemplates} from '../source/prompts.js';
import {createModels} from '../source/providers/resolve.js';
import {createWorld} from '../source/world.js';
import {verdictText} from '../test/helpers/play.js';
import {type Billed, type Lengths} from './billed-input.js';
import {startCacheServer} from './cache-server.js';

const templates = readTemplates(null);
const text = (length: number) => 'word '.repeat(length / 5 - 1) + 'words';
const question = (words: string) => words.padEnd(92, '?');
const questions = [
	question('Which of the known ways to store a tree in a table is best?'),
	question('And which of them would you take when the trees are deep?'),
] as const;
const answer = text(2000);
const synthesis = text(2000);
const area = 'A point to settle.';
const dissent = 'Another view.';

const words = (name: TemplateName) => fill(templates[name], {}).length;

/**
What the runs below are made of.
*/
export const lengths: Lengths = {
	members: 3,
	iterations: 3,
	question: questions[0].length,
	answer: answer.length,
	synthesis: synthesis.length,
	open: `- ${area}`.length,
	dissent: `- ${dissent}`.length,
	memberSystem: memberSystem({system: null, roleText: null}, templates).length,
	feedback: words('feedback'),
	followUp: words('follow-up') + '<final_answer>\n\n</final_answer>'.length,
	arbiterSystem: words('arbiter'),
	arbiterQuestion: words('arbiter-question'),
	settledTurn:
		'<question>\n\n</question>\n<final_answer>\n\n</final_answer>\n\n'.length,
	arbiterAnswers: words('arbiter-answers') + 32,
	fence: '[ answer A]\n\n[ end of answer A]'.length + 2 * 32 + '\n\n'.length,
	progress:
		'These answers are revisions. What happened before:\n<previous_synthesis>\n\n</previous_synthesis>\n<open_points>\n\n</open_points>\n\n'
			.length,
	line: 'Iteration 1: confidence 0.5, agreement 0.33.\n'.length,
};

/**
Characters by what they are billed as.
*/
export type Counted = {
	readonly fresh: number;
	readonly read: number;
	readonly written: number;
};

export type CountedTurn = {
	readonly members: Counted;
	readonly arbiter: Counted;
};

/**
Three iterations of three instances that differ in their models, by the real client over HTTP, then one iteration for a follow-up in the same conversation.

@returns the input of each question, as the server billed it and the engine read it.
*/
export async function countInput(
	memory: MemoryMode,
	caching: Partial<Caching>,
): Promise<{readonly first: CountedTurn; readonly followUp: CountedTurn}> {
	const server = await startCacheServer(({model}) =>
		model === 'arbiter'
			? verdictText({
					confidence: 0.5,
					needsIteration: true,
					synthesis,
					areas: [area],
					dissent: `<point labels="A">${dissent}</point>`,
				})
			: answer,
	);

	try {
		const models = createModels({
			random: Math.random,
			keys: {anthropic: 'none-needed'},
			baseUrls: {anthropic: server.url},
		});
		const names = ['a', 'b', 'c', 'arbiter'].map(name => `anthropic/${name}`);
		const world = createWorld();
		const options = {
			models: new Map(
				await Promise.all(
					names.map(async name => [name, await models.resolve(name)] as const),
				),
			),
			templates,
			world,
			signal: new AbortController().signal,
			conversation: createConversation(world),
			caching,
		};
		const ask = async (prompt: string, maxIterations: number) => {
			const turn = {members: {...nothing}, arbiter: {...nothing}};
			await drive(
				runConsortium(
					{
						...consortiumDefaults,
						name: 'bench',
						members: names
							.slice(0, 3)
							.map((model, index) => ({slot: `m${index}`, model, count: 1})),
						arbiters: [{model: names[3]!}],
						memory,
						maxIterations,
					},
					prompt,
					options,
				),
				[
					event => {
						if (event.type === 'call-end') {
							const {usage} = event.outcome;
							const sum =
								event.purpose === 'answer' ? turn.members : turn.arbiter;
							const read = usage.cachedTokens!;
							const written = usage.cacheWriteTokens!;
							sum.read += read;
							sum.written += written;
							sum.fresh += usage.inputTokens! - read - written;
						}
					},
				],
			);
			return turn;
		};

		return {
			first: await ask(questions[0], lengths.iterations),
			followUp: await ask(questions[1], 1),
		};
	} finally {
		await server.close();
	}
}

const nothing = {fresh: 0, read: 0, written: 0};

/**
The same in equivalents of uncached characters.
*/
export function billed(
	{members, arbiter}: CountedTurn,
	{read, write}: {readonly read: number; readonly write: number},
): Billed {
	const cost = (counted: Counted) =>
		counted.fresh + read * counted.read + write * counted.written;

	return {members: cost(members), arbiter: cost(arbiter)};
}
