import {
	longestTimeoutSeconds,
	mostIterations,
	readConsortium,
} from '../../core/consortium-config.js';
import {assertSayable} from '../../core/consortium-name.js';
import {
	mostWeight,
	type Arbiter,
	type SavedConsortium,
} from '../../core/consortium.js';
import {
	membersOf,
	parseArbiterSpecs,
	parseModelSpec,
	type MemberConfig,
} from '../../core/model-spec.js';
import {strategies} from '../../core/strategies/known.js';
import {jsonOrText, numberOf, thresholdOf} from '../../core/typed-values.js';
import {untilIn} from '../../core/until.js';
import {UserError} from '../../core/user-error.js';
import {
	draftOf,
	memberField,
	memberParts,
	parameterField,
	strategiesIn,
	type Draft,
	type MemberDraft,
	type MemberPart,
} from './form-draft.js';
import {orMistake} from './model-list.js';

/**
What a draft says.
*/
export type Reading = {
	/**
	Null while there is a mistake.
	*/
	readonly consortium: SavedConsortium | null;

	/**
	In sentences, by the id of the field.
	*/
	readonly mistakes: ReadonlyMap<string, string>;
};

/**
Read one field: its value; undefined when it has a mistake, which is noted. What was not touched is what it was, to the last digit.
*/
type ReadField = <Value>(
	id: string,
	was: Value | undefined,
	reader: (text: string) => Value,
) => Value | undefined;

/**
What a draft of this consortium says, changed or not.
*/
export function readDraft(draft: Draft, original: SavedConsortium): Reading {
	const first = draftOf(original);
	const mistakes = new Map<string, string>();

	const read: ReadField = (id, was, reader) => {
		const {text} = draft.texts[id]!;
		return was !== undefined && text === first.texts[id]?.text
			? was
			: attempt(id, () => reader(text.trim()));
	};

	const attempt = <Value>(
		id: string,
		reader: () => Value,
	): Value | undefined => {
		const value = orMistake(reader);

		if (value instanceof UserError) {
			mistakes.set(id, `${value.message} ${value.hint}`.trim());
			return undefined;
		}

		return value;
	};

	const config = configOf(draft, original, read);
	const {minIterations: least = 1, maxIterations: most = least} = config;

	if (least > most) {
		mistakes.set('most', `That is less than at least ${least}.`);
	}

	if (mistakes.size > 0) {
		return {consortium: null, mistakes};
	}

	// What is left concerns several fields: how many members there are.
	const given = config as Parameters<typeof readConsortium>[0];
	const {strategies: named, arbiters, ...rest} = given;
	const consortium =
		attempt('add', () => readConsortium(rest)) &&
		attempt('strategy', () => readConsortium({...rest, strategies: named!})) &&
		attempt('arbiter', () => readConsortium(given));
	return {consortium: consortium ?? null, mistakes};
}

function configOf(draft: Draft, original: SavedConsortium, read: ReadField) {
	const {confidenceThreshold, minIterations, maxIterations, limits} = original;

	return {
		v: 1,
		name: read('name', original.name || undefined, nameIn),
		members: draft.members.map(member => memberIn(member, read)),
		arbiters: read('arbiter', original.arbiters, arbitersIn),
		strategies: strategiesIn(draft).map(name => ({
			name,
			params: parametersIn(name, original, read),
		})),
		until: read('until', original.until, untilsIn),
		judging: draft.choices.judging,
		memory: draft.choices.memory,
		stop: draft.choices.stop,
		confidenceThreshold: read('threshold', confidenceThreshold, text =>
			thresholdOf(text, 'The threshold'),
		),
		minIterations: read('least', minIterations, iterationsIn),
		maxIterations: read('most', maxIterations, iterationsIn),
		system: read('system', original.system, text => text || null),
		limits: {
			budgetUsd: read('budget', limits.budgetUsd, budgetIn),
			timeoutSeconds: read('timeout', limits.timeoutSeconds, text =>
				numberOf(text, {
					what: 'The timeout',
					from: 0,
					isFromExcluded: true,
					to: longestTimeoutSeconds,
				}),
			),
		},
	};
}

function nameIn(text: string): string {
	if (text === '') {
		throw new UserError('It needs a name.');
	}

	assertSayable(text);
	return text;
}

const iterationsIn = (text: string) =>
	numberOf(text, {what: 'This', from: 1, to: mostIterations, isWhole: true});

const budgetIn = (text: string) =>
	text === '' || text === 'none'
		? null
		: numberOf(text.replace(/^\$/, ''), {
				what: 'The budget',
				from: 0,
				isFromExcluded: true,
				to: Infinity,
			});

function arbitersIn(text: string): readonly Arbiter[] {
	return text === '' ? [] : parseArbiterSpecs(text);
}

function untilsIn(text: string): readonly string[] {
	const conditions = text.split('\n').filter(line => line.trim() !== '');

	for (const condition of conditions) {
		untilIn(condition);
	}

	return conditions;
}

function parametersIn(
	strategy: string,
	original: SavedConsortium,
	read: ReadField,
): Record<string, unknown> {
	const kind = strategies.find(({name}) => name === strategy);
	const was = original.strategies.find(({name}) => name === strategy);

	return Object.fromEntries(
		(kind?.parameters ?? []).flatMap(({name}) => {
			const value = read(
				parameterField(strategy, name),
				was?.params[name],
				text => {
					const given = text === '' ? undefined : jsonOrText(text);

					if (given !== undefined) {
						kind!.read({[name]: given});
					}

					return given;
				},
			);
			return value === undefined ? [] : [[name, value] as const];
		}),
	);
}

/**
A member keeps its slot, by which runs know it, as long as it is the same model, and one that was named by a person always.
*/
function memberIn(
	{key, was}: MemberDraft,
	read: ReadField,
): MemberConfig | undefined {
	const spec = read(
		memberField(key, 'spec'),
		was
			? {model: was.model, count: was.count, options: was.options ?? {}}
			: undefined,
		parseModelSpec,
	);
	const parts = memberParts.flatMap(part => {
		const value = read<number | string | undefined>(
			memberField(key, part),
			was?.[part],
			text => partIn(part, text),
		);
		return value === undefined ? [] : [[part, value] as const];
	});

	return (
		spec && {
			...spec,
			...(was &&
				(was.model === spec.model || !isNamedByModel(was)) && {
					slot: was.slot,
				}),
			...Object.fromEntries(parts),
		}
	);
}

const partIn = (part: MemberPart, text: string) =>
	text === ''
		? undefined
		: part === 'weight'
			? numberOf(text, {what: 'The weight', from: 0, to: mostWeight})
			: text;

function isNamedByModel({slot, model}: {slot: string; model: string}): boolean {
	const base = membersOf([{model}], 1)[0]!.slot;
	return (
		slot === base ||
		(slot.startsWith(base) && /^-\d+$/.test(slot.slice(base.length)))
	);
}
