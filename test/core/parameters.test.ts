import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readConsortium} from '../../source/core/consortium-config.js';
import {strategies} from '../../source/core/strategies/known.js';
import {UserError} from '../../source/core/user-error.js';

const read = (name: string, given: unknown) =>
	readConsortium({
		v: 1,
		name: 'team',
		members: ['a', 'b'],
		strategies: [{name, params: given as Readonly<Record<string, unknown>>}],
	});

/**
What has to be given beside the parameter that is looked at.
*/
const needed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	role: {roles: ['skeptic']},
	weighted: {weights: {a: 2}},
};

const all = strategies.flatMap(({name, parameters}) =>
	parameters.map(parameter => ({strategy: name, parameter})),
);

test('every parameter says what it means and can be, and may be given as it is normally', () => {
	assert.ok(all.length > 15);

	for (const {strategy, parameter} of all) {
		const {name, meaning, form, default: normal} = parameter;
		assert.match(name, /^[a-z][a-zA-Z]*$/v);
		assert.match(meaning, /^[A-Z].{10}/v, `${strategy}.${name}`);
		assert.notEqual(form, '');

		// Nobody has roles or weights without giving them.
		if (!Object.hasOwn(needed[strategy] ?? {}, name)) {
			read(strategy, {...needed[strategy], [name]: normal});
		}

		read(strategy, {[name]: null, ...needed[strategy]});
	}
});

test('whatever is given for a parameter is taken or refused in a sentence that names it', () => {
	const value = fc.oneof(
		fc.jsonValue(),
		fc.double(),
		fc.constantFrom(-0, Infinity, '0.5', 'true', Number.MAX_VALUE, [[]], {
			a: -1,
		}),
	);

	fc.assert(
		fc.property(
			fc.constantFrom(...all),
			value,
			({strategy, parameter}, given) => {
				const {read: readIn} = strategies.find(({name}) => name === strategy)!;
				const refusal = refusalOf(() => {
					readIn({[parameter.name]: given});
				});

				if (refusal !== null) {
					assert.ok(
						refusal.startsWith(`${strategy}.${parameter.name}`),
						refusal,
					);
					assert.ok(refusal.length < 400);
				}
			},
		),
		{numRuns: 1000},
	);
});

function refusalOf(work: () => void): string | null {
	try {
		work();
		return null;
	} catch (error) {
		if (error instanceof UserError) {
			return error.message;
		}

		throw error;
	}
}

test('a parameter is never taken as another kind of value than its own', () => {
	for (const [strategy, given] of [
		['voting', {rule: 1}],
		['voting', {rule: 'biggest'}],
		['voting', {threshold: '0.6'}],
		['voting', {threshold: 0.4}],
		['adaptive', {first: 2.5}],
		['adaptive', {first: 0}],
		['elimination', {keep: 0}],
		['elimination', {minimum: true}],
		['quorum', {oneOfEach: 'true'}],
		['quorum', {quorum: 3}],
		['role', {roles: [1]}],
		['role', {roles: []}],
		['weighted', {weights: {a: -1}}],
		['weighted', {weights: [2]}],
		['weighted', {accuracy: {a: 1.5}}],
		['tiered', {tiers: [['a'], ['x']]}],
		['semantic', {embedding: 'text-embedding-3-small'}],
	] as const) {
		assert.throws(
			() => read(strategy, given),
			{name: 'UserError'},
			`${strategy} ${JSON.stringify(given)}`,
		);
	}
});

test('an unknown parameter or strategy is refused, with the one that may be meant', () => {
	for (const {strategy, parameter} of all) {
		const slip = `${parameter.name}x`;
		assert.throws(
			() => read(strategy, {[slip]: 1}),
			(error: unknown) => {
				assert.ok(error instanceof UserError);
				assert.equal(
					error.message,
					`The strategy "${strategy}" has no parameter "${slip}".`,
				);
				assert.match(
					error.hint,
					new RegExp(String.raw`\b${parameter.name}\b`, 'v'),
				);
				return true;
			},
		);
	}

	for (const {name} of strategies) {
		assert.throws(
			() => read(`${name.slice(0, -1)}_`, {}),
			(error: unknown) => {
				assert.ok(error instanceof UserError);
				assert.match(error.message, /^There is no strategy called /v);
				assert.match(error.hint, new RegExp(`mean.*${name}`, 'v'));
				return true;
			},
		);
	}

	for (const name of ['__proto__', 'constructor', 'toString']) {
		assert.throws(() => read('voting', {[name]: 1, other: 1}), {
			name: 'UserError',
		});
	}
});
