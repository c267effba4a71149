import {fnv1a32, rotated, shuffled} from './random.js';
import {heardIn, verdictsOf} from './answers.js';
import {type CallPicture, type RunState} from './run-state.js';
import {type View} from './strategy.js';
import {fill, type Templates} from './template.js';
import {threadText, type Thread} from './thread.js';

/**
What the arbiter is shown. `message` has two parts: the stable one (the conversation so far and the question), then the answers behind their boundary. `labels` says which label stands for which instance.
*/
export type Brief = {
	readonly message: readonly [string, string];
	readonly labels: Readonly<Record<string, string>>;
};

/**
Put the answers of the present iteration before the arbiter: under neutral labels, in an order that has nothing to do with who was fast, behind a boundary no answer can contain.

One base order for a run, from its recorded seed, is rotated by one in each iteration, so that every instance visits every place. Of several judges each has an order of its own, since what an order favours does not cancel out when all see the same.
*/
export function briefOf(
	run: View,
	{
		thread,
		templates,
		about = {},
	}: {
		readonly thread: Thread;
		readonly templates: Templates;
		readonly about?: {
			/**
			Of a judge who is to see an order of its own.
			*/
			readonly key?: string;

			/**
			The answers in the opposite order.
			*/
			readonly isReversed?: boolean;

			/**
			An instance that does not see its own answer.
			*/
			readonly without?: string;
		};
	},
): Brief {
	const {prompt, seed, instances} = run.start!;
	const iteration = run.iterations.at(-1)!;
	const order = rotated(
		shuffled(
			instances.map(({id}) => id),
			about.key === undefined ? seed : fnv1a32(`${seed}|${about.key}`),
		),
		iteration.iteration - 1,
	);
	const sorted = heardIn(run)
		.filter(({start}) => start.speaker !== about.without)
		.toSorted(
			(left, right) =>
				order.indexOf(left.start.speaker) - order.indexOf(right.start.speaker),
		);
	const usable = about.isReversed ? sorted.toReversed() : sorted;
	const boundary = boundaryFor(
		`${run.runId}|${iteration.iteration}`,
		usable.map(({text}) => text),
	);
	const names = [...instances, ...usable.map(({start}) => start)]
		.flatMap(({model}) => [model, model.replace(/^[^\/]*\//v, '')])
		.filter(name => !prompt.includes(name));

	const labels = Object.fromEntries(
		usable.map(({start}, index) => [labelOf(index), start.speaker]),
	);

	return {
		message: [
			fill(templates['arbiter-question'], {
				thread: thread.length === 0 ? '' : `${threadText(thread)}\n\n`,
				question: prompt,
			}),
			fill(templates['arbiter-answers'], {
				boundary,
				progress: progressOf(run),
				answers: usable
					.map((call, index) =>
						fenced(call, {label: labelOf(index), boundary, names}),
					)
					.join('\n\n'),
				notes: notesIn(run, labels),
			}),
		],
		labels,
	};
}

/**
What a strategy wants to be known beside the answers, one sentence a line.
*/
function notesIn({notes = []}: View, labels: Brief['labels']): string {
	const labelOfInstance = new Map(
		Object.entries(labels).map(([label, instance]) => [instance, label]),
	);
	const lines = notes.flatMap(
		note => note(instance => labelOfInstance.get(instance) ?? null) ?? [],
	);

	return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/**
A, B, …, Z, AA, AB, …
*/
export function labelOf(index: number): string {
	const letter = String.fromCodePoint(65 + (index % 26));
	return index < 26 ? letter : labelOf(Math.floor(index / 26) - 1) + letter;
}

/**
A line no text contains: derived from what the members never see, so that a resumed run sends the same bytes, and derived anew while any text holds it.
*/
export function boundaryFor(secret: string, texts: readonly string[]): string {
	for (let round = 0; ; round++) {
		const boundary = [0, 1, 2, 3]
			.map(part => fnv1a32(`${part}|${secret}|${round}`))
			.map(number => number.toString(16).padStart(8, '0'))
			.join('');

		if (texts.every(text => !text.includes(boundary))) {
			return boundary;
		}
	}
}

function fenced(
	{text, outcome}: CallPicture,
	{
		label,
		boundary,
		names,
	}: {
		readonly label: string;
		readonly boundary: string;
		readonly names: readonly string[];
	},
): string {
	const state = outcome?.state;
	const mark =
		state === 'truncated'
			? ' (cut off by a length limit)'
			: state === 'stopped'
				? ' (stopped before it was finished)'
				: '';

	return `[${boundary} answer ${label}${mark}]\n${masked(text.trim(), names)}\n[${boundary} end of answer ${label}]`;
}

/**
A text without the given model names, longest first, where they stand as words of their own.
*/
export function masked(text: string, names: readonly string[]): string {
	const longestFirst = [...new Set(names)]
		.filter(name => name.length > 2)
		.toSorted((left, right) => right.length - left.length);

	return longestFirst.reduce(
		(result, name) =>
			result.replaceAll(
				new RegExp(
					String.raw`(?<![\p{L}\p{N}_\-])${escaped(name)}(?![\p{L}\p{N}_\-])`,
					'giv',
				),
				'[model]',
			),
		text,
	);
}

const escaped = (text: string) =>
	text.replaceAll(/[\^$\\.*+?\(\)\[\]\{\}\|\/]/gv, String.raw`\$&`);

/**
The small state an arbiter is given instead of everything that was ever said: one line for each earlier iteration, then the synthesis and what was still open.
*/
function progressOf(run: RunState): string {
	const verdicts = verdictsOf({
		...run,
		iterations: run.iterations.slice(0, -1),
	});
	const latest = verdicts.at(-1)?.verdict;

	if (!latest) {
		return '';
	}

	const [current, ...earlier] = run.iterations.toReversed();
	const isNew = current!.instances.every(id =>
		earlier.every(({instances}) => !instances.includes(id)),
	);
	const lines = verdicts.map(
		({iteration, verdict: {confidence, agreement}}) =>
			`Iteration ${iteration}: confidence ${confidence ?? 'not stated'}, agreement ${agreement === null ? 'unknown' : agreement.toFixed(2)}.`,
	);

	return [
		isNew
			? 'These answers come from others, who have not seen what came before:'
			: 'These answers are revisions. What happened before:',
		...lines,
		`<previous_synthesis>\n${latest.synthesis ?? ''}\n</previous_synthesis>`,
		`<open_points>\n${latest.refinementAreas.map(area => `- ${area}`).join('\n') || 'none'}\n</open_points>\n\n`,
	].join('\n');
}
