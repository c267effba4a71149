import {judgings} from '../../core/judging/known.js';
import {strategies} from '../../core/strategies/known.js';
import {textOfValue} from '../../core/typed-values.js';
import {
	choicesOf,
	memberField,
	memberParts,
	parameterField,
	strategiesIn,
	type ChoiceField,
	type Draft,
	type MemberDraft,
} from './form-draft.js';

/**
A field of the form. `spec` is a line that names a model, `specs` one that names several, `names` one that names strategies, `lines` has several lines, `add` is no field but a place to add a member.
*/
export type Field = {
	readonly id: string;
	readonly label: string;
	readonly kind:
		'line' | 'lines' | 'spec' | 'specs' | 'names' | 'choice' | 'add';

	/**
	What it means to leave it empty, or what can be typed.
	*/
	readonly hint: string;

	/**
	What it means, for whoever is in it.
	*/
	readonly about: string;
	readonly member: MemberDraft | null;

	/**
	What can be chosen from in a line, its normal value first.
	*/
	readonly choices?: readonly string[];
};

const field = (
	id: string,
	kind: Field['kind'],
	words: Partial<Pick<Field, 'label' | 'hint' | 'about'>> = {},
): Field => ({
	id,
	kind,
	label: id,
	hint: '',
	about: '',
	member: null,
	...words,
});

const choice = (id: ChoiceField) => field(id, 'choice');

/**
The fields of a draft, in order.
*/
export function fieldsOf(draft: Draft): Field[] {
	const {members} = draft;

	return [
		field('name', 'line', {hint: 'such as trio'}),
		...members.flatMap((member, index) => memberFields(member, index + 1)),
		field('add', 'add', {label: '', hint: '+ add a member'}),
		field('arbiter', 'specs', {
			hint: 'chosen at run',
			about: 'Several, joined by commas, sit in a panel.',
		}),
		field('strategy', 'names', {
			hint: 'default',
			about: `Several are joined by commas: ${strategies.map(({name}) => name).join(', ')}.`,
		}),
		...strategiesIn(draft).flatMap(name => parameterFields(name, draft)),
		choice('judging'),
		choice('memory'),
		field('threshold', 'line', {hint: 'such as 80%'}),
		field('least', 'line', {label: 'at least', hint: 'iterations'}),
		field('most', 'line', {label: 'at most', hint: 'iterations'}),
		choice('stop'),
		field('until', 'lines', {
			hint: 'no condition: as stop says',
			about:
				'Conditions in the place of stop, one a line, that must all be met: contains:TEXT, regex:PATTERN, agreement>=0.9, confidence>=0.9, command:LINE.',
		}),
		field('system', 'lines', {hint: 'built in'}),
		field('budget', 'line', {label: 'budget $', hint: 'no limit'}),
		field('timeout', 'line', {label: 'timeout s', hint: 'seconds'}),
	];
}

/**
What is not known has no fields.
*/
function parameterFields(strategy: string, draft: Draft): Field[] {
	const isOneOfSeveral =
		strategiesIn(draft).filter(name => name !== 'default').length > 1;

	const kind = strategies.find(({name}) => name === strategy);

	return (kind?.parameters ?? []).map(
		({name, meaning, form, choices, default: normal}) => ({
			...field(parameterField(strategy, name), 'line', {
				label: isOneOfSeveral ? `${strategy}.${name}` : `  ${name}`,
				hint: normal === null ? 'not set' : textOfValue(normal),
				about: `${strategy}, ${form}: ${meaning.replace(/\.$/v, '')}.`,
			}),
			...(choices && {choices}),
		}),
	);
}

const partHints = {
	system: 'as for all',
	role: 'none; a name such as skeptic, or a sentence',
	weight: '1',
} as const satisfies Record<(typeof memberParts)[number], string>;

function memberFields(member: MemberDraft, number: number): Field[] {
	const {key, isOpen} = member;
	const all: Field[] = [
		field(memberField(key, 'spec'), 'spec', {
			label: `member ${number}`,
			hint: '[provider/]model[:count][?key=value]',
		}),
		...(isOpen
			? memberParts.map(part =>
					field(memberField(key, part), part === 'system' ? 'lines' : 'line', {
						label: `  ${part}`,
						hint: partHints[part],
					}),
				)
			: []),
	];
	return all.map(each => ({...each, member}));
}

/**
What each choice means.
*/
export const meanings: Readonly<Record<string, string>> = {
	...Object.fromEntries(judgings.map(({name, meaning}) => [name, meaning])),
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
