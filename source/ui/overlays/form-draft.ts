import {
	judgingMethods,
	memoryModes,
	stopPolicies,
	type Member,
	type SavedConsortium,
} from '../../core/consortium.js';
import {specOf} from '../../core/model-spec.js';
import {strategies} from '../../core/strategies/known.js';
import {namesIn, textOfValue} from '../../core/typed-values.js';
import {editorWith, type Editor} from '../composer/editor.js';

/**
A consortium as it is being typed.
*/
export type Draft = {
	/**
	By the id of the field, exactly as typed.
	*/
	readonly texts: Readonly<Record<string, Editor>>;
	readonly choices: Readonly<Record<ChoiceField, string>>;
	readonly members: readonly MemberDraft[];
};

export type ChoiceField = 'judging' | 'memory' | 'stop';

export type MemberDraft = {
	/**
	Stays the same while it is moved.
	*/
	readonly key: number;

	/**
	What it was when the form was opened; null for a new one.
	*/
	readonly was: Member | null;

	/**
	Whether its system prompt, role and weight are shown.
	*/
	readonly isOpen: boolean;
};

export const choicesOf: Readonly<Record<ChoiceField, readonly string[]>> = {
	judging: judgingMethods,
	memory: memoryModes,
	stop: stopPolicies,
};

export const memberParts = ['system', 'role', 'weight'] as const;
export type MemberPart = (typeof memberParts)[number];

export const memberField = (key: number, part: 'spec' | MemberPart) =>
	`member ${key} ${part}`;
export const parameterField = (strategy: string, name: string) =>
	`parameter ${strategy} ${name}`;

export function draftOf(consortium: SavedConsortium): Draft {
	const {name, members, arbiters, limits, judging, memory, stop} = consortium;
	const drafts =
		members.length > 0
			? members.map((member, index) => memberDraft(member, index))
			: [memberDraft(null, 0)];
	const texts = [
		['name', name],
		['arbiter', arbiters.map(arbiter => specOf(arbiter)).join(', ')],
		['strategy', consortium.strategies.map(each => each.name).join(', ')],
		['until', consortium.until.join('\n')],
		['threshold', percentText(consortium.confidenceThreshold)],
		['least', String(consortium.minIterations)],
		['most', String(consortium.maxIterations)],
		['system', consortium.system ?? ''],
		['budget', limits.budgetUsd === null ? '' : String(limits.budgetUsd)],
		['timeout', String(limits.timeoutSeconds)],
		...strategies.flatMap(kind =>
			kind.parameters.map(({name: parameter}) => {
				const value = consortium.strategies.find(
					each => each.name === kind.name,
				)?.params[parameter];
				return [
					parameterField(kind.name, parameter),
					value === undefined ? '' : textOfValue(value),
				] as const;
			}),
		),
		...drafts.flatMap(({key, was}) => memberTexts(key, was)),
	] as const;

	return {
		texts: Object.fromEntries(
			texts.map(([id, text]) => [
				id,
				editorWith(hasLines(id) ? text : text.replaceAll('\n', ' ')),
			]),
		),
		choices: {judging, memory, stop},
		members: drafts,
	};
}

/**
Whether the text of a field has several lines.
*/
export const hasLines = (id: string) =>
	/^(?:until|(?:member \d+ )?system)$/.test(id);

/**
A share in percent, as short as it can be without being another one.
*/
function percentText(share: number): string {
	const percent = String(Number((share * 100).toPrecision(15)));
	return Number(percent) / 100 === share ? `${percent}%` : String(share);
}

const memberDraft = (was: Member | null, key: number): MemberDraft => ({
	key,
	was,
	isOpen: memberParts.some(part => was?.[part] !== undefined),
});

function memberTexts(
	key: number,
	was: Member | null,
): Array<readonly [string, string]> {
	return [
		[memberField(key, 'spec'), was ? specOf(modelOf(was)) : ''],
		...memberParts.map(
			part =>
				[
					memberField(key, part),
					was?.[part] === undefined ? '' : String(was[part]),
				] as const,
		),
	];
}

/**
Without what has fields of its own.
*/
const modelOf = ({role, weight, system, ...model}: Member) => model;

/**
The draft with a new member after the one at `index`, or as the first for -1, and its key.
*/
export function withMember(
	draft: Draft,
	index: number,
): {readonly draft: Draft; readonly key: number} {
	const key =
		1 + Math.max(-1, ...Object.keys(draft.texts).map(id => keyIn(id)));

	return {
		key,
		draft: {
			...draft,
			members: draft.members.toSpliced(index + 1, 0, memberDraft(null, key)),
			texts: {
				...draft.texts,
				...Object.fromEntries(
					memberTexts(key, null).map(([id, text]) => [id, editorWith(text)]),
				),
			},
		},
	};
}

// Those that were removed keep their keys, so that none is used twice.
const keyIn = (id: string) => Number(/^member (\d+) spec$/.exec(id)?.[1] ?? -1);

/**
The strategies that a draft names, in order; the usual one where it names none.
*/
export function strategiesIn({texts}: Pick<Draft, 'texts'>): string[] {
	const names = namesIn(texts['strategy']!.text);
	return names.length === 0 ? ['default'] : names;
}

/**
Whether anything is different between two drafts.
*/
export function isChanged(one: Draft, other: Draft): boolean {
	const said = ({texts, choices, members}: Draft) =>
		JSON.stringify([
			Object.entries(texts)
				.map(([id, {text}]) => [id, text] as const)
				.filter(([id, text]) => text !== '' && isIn(id, members)),
			choices,
			members.map(({key}) => key),
		]);
	return said(one) !== said(other);
}

function isIn(id: string, members: readonly MemberDraft[]): boolean {
	const key = /^member (\d+) /.exec(id)?.[1];
	return (
		key === undefined || members.some(member => String(member.key) === key)
	);
}
