import {strategies} from '../../core/strategies/known.js';
import {
	choicesOf,
	memberField,
	memberParts,
	parameterField,
	type ChoiceField,
	type Draft,
	type MemberDraft,
} from './form-draft.js';

/**
A field of the form. `spec` is a line that names a model, `lines` has several, `add` is no field but a place to add a member.
*/
export type Field = {
	readonly id: string;
	readonly label: string;
	readonly kind: 'line' | 'lines' | 'spec' | 'choice' | 'add';

	/**
	What it means to leave it empty, or what can be typed.
	*/
	readonly hint: string;
	readonly member: MemberDraft | null;
};

const field = (
	id: string,
	label: string,
	kind: Field['kind'],
	hint = '',
): Field => ({id, label, kind, hint, member: null});

const choice = (id: ChoiceField) => field(id, id, 'choice');

/**
The fields of a draft, in order.
*/
export function fieldsOf({members, choices}: Draft): Field[] {
	const strategy = strategies.find(({name}) => name === choices.strategy);

	return [
		field('name', 'name', 'line', 'such as trio'),
		...members.flatMap((member, index) => memberFields(member, index + 1)),
		field('add', '', 'add', '+ add a member'),
		field('arbiter', 'arbiter', 'spec', 'chosen at run'),
		choice('strategy'),
		...(strategy?.parameters ?? []).map(({name, meaning, default: normal}) =>
			field(
				parameterField(choices.strategy, name),
				`  ${name}`,
				'line',
				`${JSON.stringify(normal)}: ${meaning}`,
			),
		),
		choice('judging'),
		choice('memory'),
		field('threshold', 'threshold', 'line', 'such as 80%'),
		field('least', 'at least', 'line', 'iterations'),
		field('most', 'at most', 'line', 'iterations'),
		choice('stop'),
		field('system', 'system', 'lines', 'built in'),
		field('budget', 'budget $', 'line', 'no limit'),
		field('timeout', 'timeout s', 'line', 'seconds'),
	];
}

function memberFields(member: MemberDraft, number: number): Field[] {
	const {key, isOpen} = member;
	const all: Field[] = [
		field(
			memberField(key, 'spec'),
			`member ${number}`,
			'spec',
			'[provider/]model[:count][?key=value]',
		),
		...(isOpen
			? memberParts.map(part =>
					field(
						memberField(key, part),
						`  ${part}`,
						part === 'system' ? 'lines' : 'line',
						part === 'system' ? 'as for all' : 'none',
					),
				)
			: []),
	];
	return all.map(each => ({...each, member}));
}

/**
What each choice means.
*/
export const meanings: Readonly<Record<string, string>> = {
	...Object.fromEntries(strategies.map(({name, meaning}) => [name, meaning])),
	synthesis: 'the arbiter writes one answer out of all',
	reply: 'what comes after is the next message of the same conversation',
	lean: 'the question, the last synthesis and the feedback: cheapest',
	rebuild: 'one prompt, built anew each time',
	any: 'threshold reached, or arbiter content',
	both: 'threshold reached, and arbiter content',
	confidence: 'threshold reached',
	arbiter: 'arbiter content',
};

/**
The choice before or after the one that is made; the first comes after the last.
*/
export function turned(id: ChoiceField, value: string, by: 1 | -1): string {
	const choices = choicesOf[id];
	const index = choices.indexOf(value) + by;
	return choices.at(index % choices.length) ?? value;
}
