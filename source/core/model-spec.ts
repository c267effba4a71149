import {mostWeight, type Arbiter, type Member} from './consortium.js';
import {jsonOrText, textOfValue} from './typed-values.js';
import {UserError} from './user-error.js';

const mostOfOne = 64;
const mostOfAll = 256;

/**
What a spec says of the member itself, which no server is sent as an option.
*/
type Own = Pick<Member, 'system' | 'role' | 'weight'>;

export type ModelSpec = Own & {
	readonly model: string;
	readonly count: number;
	readonly options: Record<string, unknown>;
};

/**
Read `[provider/]model[:count][?key=value&…]`.

A count is a whole number from 1 after the last colon; any other ending (`llama3:8b`, `…-v1:0`) belongs to the id. Values are URL-decoded and read as JSON, else they are text. The keys `system`, `role` and `weight` are the member's own and stand beside the options.

@throws UserError when the id is missing, the count is out of range or an option cannot be read.

@example
```js
parseModelSpec('openrouter/x:free:2?temperature=0.2');
// {model: 'openrouter/x:free', count: 2, options: {temperature: 0.2}}
```
*/
export function parseModelSpec(spec: string, defaultCount = 1): ModelSpec {
	const mark = spec.indexOf('?');
	const name = (mark === -1 ? spec : spec.slice(0, mark)).trim();
	const counted = /^([^]*):\s*(\d+)$/.exec(name);
	const stated = counted ? Number(counted[2]) : 0;
	const model = stated >= 1 ? counted![1]!.trim() : name;

	if (model === '' || model.startsWith(':') || model.endsWith(':')) {
		throw new UserError(
			`'${spec}' does not name a model.`,
			'Write [provider/]model[:count], as in openai/gpt-4o:2.',
		);
	}

	const count = stated >= 1 ? stated : defaultCount;

	if (!Number.isSafeInteger(count) || count < 1 || count > mostOfOne) {
		throw new UserError(
			`'${spec}' asks for ${count} instances; from 1 to ${mostOfOne} are possible.`,
			stated >= 1
				? `Write ${model}:${mostOfOne} for the most, or ${name}:1 if the number belongs to the id.`
				: `Write ${model}:3 for three of them.`,
		);
	}

	const query = mark === -1 ? '' : spec.slice(mark + 1);
	const {system, role, weight, ...options} = parseOptions(query, spec);

	return {
		model,
		count,
		options: Object.fromEntries(
			Object.entries(options).map(([key, text]) => [key, jsonOrText(text)]),
		),
		...(system !== undefined && {system}),
		...(role !== undefined && {role: roleIn(role, spec)}),
		...(weight !== undefined && {weight: weightIn(weight, spec)}),
	};
}

/**
The same for an arbiter, which has no system prompt, role or weight of its own.

@throws UserError
*/
export function parseArbiterSpec(
	spec: string,
): Pick<ModelSpec, 'model' | 'count' | 'options'> {
	const {model, count, options, ...own} = parseModelSpec(spec);
	const [key] = Object.keys(own);

	if (key !== undefined) {
		throw new UserError(
			`'${spec}' sets the ${key} of an arbiter; only members have one.`,
			`Leave ${key} out.`,
		);
	}

	return {model, count, options};
}

/**
Several arbiters, joined by commas; one with a count stands for as many.

@throws UserError
*/
export function parseArbiterSpecs(specs: string): Arbiter[] {
	return specs
		.split(',')
		.filter((spec, _, all) => all.length === 1 || spec.trim() !== '')
		.flatMap(spec => arbitersOf(parseArbiterSpec(spec)));
}

/**
As many arbiters as a spec stands for.
*/
export function arbitersOf({
	model,
	count,
	options = {},
}: Arbiter & {readonly count: number}): Arbiter[] {
	return Array.from({length: count}, () => ({
		model,
		...(Object.keys(options).length > 0 && {options}),
	}));
}

function roleIn(role: string, spec: string): string {
	if (role === '') {
		throw new UserError(
			`'${spec}' names no role.`,
			'Write role=skeptic, or leave it out.',
		);
	}

	return role;
}

function weightIn(text: string, spec: string): number {
	const weight = jsonOrText(text);

	if (typeof weight !== 'number' || weight < 0 || weight > mostWeight) {
		throw new UserError(
			`'${spec}' gives the weight ${text}, which is no number from 0 to ${mostWeight}.`,
			'Write weight=2, or leave it out.',
		);
	}

	return weight;
}

function parseOptions(query: string, spec: string): Record<string, string> {
	const options = new Map<string, string>();

	const pairs = query.split('&').filter(part => part.trim() !== '');

	for (const pair of pairs) {
		const equals = pair.indexOf('=');
		const key = decoded(pair.slice(0, Math.max(equals, 0)), spec);

		if (key === '' || options.has(key)) {
			throw new UserError(
				key === ''
					? `'${pair}' in '${spec}' is not an option.`
					: `'${spec}' sets ${key} twice.`,
				'Write each option once as key=value, joined by &, as in gpt-4o?temperature=0.2&effort=high.',
			);
		}

		options.set(key, decoded(pair.slice(equals + 1), spec));
	}

	return Object.fromEntries(options);
}

function decoded(text: string, spec: string): string {
	try {
		return decodeURIComponent(text).trim();
	} catch (error) {
		throw new UserError(
			`'${text}' in '${spec}' is not URL-encoded text.`,
			'Write %25 for a percent sign and %26 for &.',
			{cause: error},
		);
	}
}

/**
A member or an arbiter as `parseModelSpec` reads it, but for a system prompt of its own, which is too long for a line, and for a model with a question mark in its name, which no spec can have.
*/
export function specOf({
	model,
	count = 1,
	options = {},
	role,
	weight,
}: Pick<Member, 'model' | 'options' | 'role' | 'weight'> & {
	readonly count?: number;
}): string {
	const query = [
		...Object.entries(options).map(
			([key, value]) => [key, textOfValue(value)] as const,
		),
		...(role === undefined ? [] : [['role', role] as const]),
		...(weight === undefined ? [] : [['weight', String(weight)] as const]),
	]
		.map(
			([key, value]) =>
				`${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
		)
		.join('&');
	// A number at the end of the name would be taken for the count.
	const needsCount = count !== 1 || /:\s*\d+$/.test(model);

	return `${model}${needsCount ? `:${count}` : ''}${query && `?${query}`}`;
}

/**
A member as a program writes it: `model` is taken as it is, without a count or options in it. The slot is chosen and the count is the default one when left out.
*/
export type MemberConfig = Pick<Member, 'model'> & Partial<Member>;

/**
The members that specs describe, in order. The same model with the same options is one member whose counts add up; with other options, or with a slot of its own, it is a member of its own.

@throws UserError for what `parseModelSpec` refuses, a slot that is taken, more than 64 instances of one member or 256 of all.
*/
export function membersOf(
	specs: ReadonlyArray<string | MemberConfig>,
	defaultCount: number,
): Member[] {
	const members = new Map<string, Member>();
	const slots = statedSlots(specs);

	for (const spec of specs) {
		const {slot, count, options, ...rest} = entryOf(spec, defaultCount);
		const {model} = rest;
		const given = typeof spec === 'string' ? spec : model;
		const entries = Object.entries(options ?? {});
		const key = JSON.stringify([
			slot,
			rest,
			entries.toSorted(([left], [right]) => (left < right ? -1 : 1)),
		]);
		const known = members.get(key);
		const total = (known?.count ?? 0) + count;

		if (total > mostOfOne) {
			throw new UserError(
				`'${given}' makes ${total} instances of ${model}; at most ${mostOfOne} are possible.`,
				`Write ${model}:${mostOfOne} once.`,
			);
		}

		members.set(key, {
			slot: known?.slot ?? slot ?? newSlot(model, slots),
			...rest,
			count: total,
			...(entries.length > 0 && {options: options!}),
		});
		const all = members.values().reduce((sum, member) => sum + member.count, 0);

		if (all > mostOfAll) {
			throw new UserError(
				`With '${given}' there are ${all} instances; a run has at most ${mostOfAll}.`,
				'Name fewer models, or smaller counts as in model:2.',
			);
		}
	}

	return members.values().toArray();
}

function entryOf(
	spec: string | MemberConfig,
	defaultCount: number,
): MemberConfig & {readonly count: number} {
	return typeof spec === 'string'
		? parseModelSpec(spec, defaultCount)
		: {...spec, count: spec.count ?? defaultCount};
}

function statedSlots(specs: ReadonlyArray<string | MemberConfig>): Set<string> {
	const slots = new Set<string>();

	for (const spec of specs) {
		const slot = typeof spec === 'string' ? undefined : spec.slot;

		if (slot !== undefined && slots.has(slot)) {
			throw new UserError(
				`Two members have the slot "${slot}".`,
				'Give each its own, or leave it out.',
			);
		}

		if (slot !== undefined) {
			slots.add(slot);
		}
	}

	return slots;
}

function newSlot(model: string, taken: Set<string>): string {
	const base =
		model
			.slice(model.lastIndexOf('/') + 1)
			.toLowerCase()
			.replaceAll(/[^a-z\d._-]+/g, '-')
			.replaceAll(/^-|-$/g, '') || 'model';
	let slot = base;

	for (let number = 2; taken.has(slot); number++) {
		slot = `${base}-${number}`;
	}

	taken.add(slot);
	return slot;
}
