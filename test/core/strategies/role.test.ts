import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	instancesOf,
	type Instance,
	type SavedConsortium,
} from '../../../source/core/consortium.js';
import {createConversation} from '../../../source/core/conversation.js';
import {type RunEvent} from '../../../source/core/events.js';
import {assertStrategies} from '../../../source/core/strategies/known.js';
import {withRoles} from '../../../source/core/strategies/role.js';
import {findRoles} from '../../../source/prompts.js';
import {fakeModel} from '../../helpers/fake-model.js';
import {brokenRules} from '../../helpers/grammar.js';
import {consortiumOf, play, verdictText} from '../../helpers/play.js';
import {modelThat, resumedAfter} from '../../helpers/readers.js';
import {stillWorld} from '../../helpers/world.js';

const roles = findRoles(null);

const instancesNamed = (count: number, own: readonly number[]): Instance[] =>
	instancesOf(
		consortiumOf(
			{},
			{
				members: Array.from({length: count}, (_, index) => ({
					slot: `m${index}`,
					model: 'm',
					count: 1,
					...(own.includes(index) && {role: 'own'}),
				})),
			},
		),
	);

test('roles are given out evenly, by the seed, and to nobody who has one', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 40}),
			fc.uniqueArray(fc.string({minLength: 1}), {minLength: 1, maxLength: 9}),
			fc.integer(),
			fc.array(fc.integer({min: 0, max: 39})),
			(count, names, seed, own) => {
				const instances = instancesNamed(count, own);
				const given = withRoles(instances, names, seed);
				const free = given.filter((_, index) => !own.includes(index));
				const counts = names.map(
					name => free.filter(({role}) => role === name).length,
				);

				assert.deepEqual(withRoles(instances, names, seed), given);
				assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
				assert.equal(
					counts.reduce((sum, each) => sum + each, 0),
					free.length,
				);
				assert.deepEqual(
					given.map(({role, ...instance}) => instance),
					instances.map(({role, ...instance}) => instance),
				);

				assert.ok(
					own.every(index => index >= count || given[index]!.role === 'own'),
				);
			},
		),
	);
});

test('another seed gives them to others, and so each comes to everyone', () => {
	const instances = instancesNamed(3, []);
	const seen = Array.from({length: 60}, (_, seed) =>
		withRoles(instances, ['x', 'y', 'z'], seed)
			.map(({role}) => role)
			.join(''),
	);
	assert.equal(new Set(seen).size, 6);

	const more = Array.from(
		{length: 60},
		(_, seed) => withRoles(instances, ['w', 'x', 'y', 'z'], seed)[0]!.role,
	);
	assert.equal(new Set(more).size, 4);
});

test('in order they go by the configuration', () => {
	assert.deepEqual(
		withRoles(instancesNamed(5, [1]), ['x', 'y'], null).map(({role}) => role),
		['x', 'own', 'y', 'x', 'y'],
	);
});

const withStrategy = (
	parameters: Record<string, unknown>,
	more: Partial<SavedConsortium> = {},
): Partial<SavedConsortium> => ({
	strategies: [{name: 'role', params: parameters}],
	...more,
});

const cast = () => ({
	a: fakeModel([['a']]),
	b: fakeModel([['b']]),
	arbiter: fakeModel([[verdictText()]]),
});

const startOf = (events: readonly RunEvent[]) =>
	events.find(event => event.type === 'run-start')!;

test('a role ends the system prompt, is recorded with its text, and is in the result', async () => {
	const actors = cast();
	const {events, result} = await play(actors, {
		roles,
		consortium: withStrategy({
			roles: ['skeptic', 'You doubt in verse.'],
			assign: 'in-order',
		}),
	});

	assert.deepEqual(brokenRules(events), []);
	const [systemOfA, systemOfB] = [actors.a, actors.b].map(
		({heard}) => heard[0]!.system!,
	);
	assert.ok(systemOfA!.endsWith(roles.get('skeptic')!()));
	assert.ok(systemOfB!.endsWith('\n\nYou doubt in verse.'));
	const shared = systemOfA!.slice(0, -roles.get('skeptic')!().length);
	assert.ok(systemOfB!.startsWith(shared), 'they share a beginning');
	assert.deepEqual(
		startOf(events).instances.map(({role, roleText}) => [role, roleText]),
		[
			['skeptic', roles.get('skeptic')!()],
			['You doubt in verse.', 'You doubt in verse.'],
		],
	);
	assert.deepEqual(
		result.iterations[0]!.instances.map(({role}) => role),
		['skeptic', 'You doubt in verse.'],
	);
	const first = events.find(event => event.type === 'decision')!;
	assert.deepEqual(first.marks, [
		{instance: 'a#1', mark: 'role', text: 'Its role: skeptic'},
		{instance: 'b#1', mark: 'role', text: 'Its role: You doubt in verse.'},
	]);
});

test('a conversation keeps its roles, and another one may give others', async () => {
	const consortium = withStrategy({roles: ['skeptic', 'researcher']});
	const given = async (
		conversation: ReturnType<typeof createConversation>,
		world: ReturnType<typeof stillWorld>,
	) =>
		startOf(
			(await play(cast(), {roles, consortium, conversation, world})).events,
		).instances.map(({role, standing}) => ({role, standing}));

	const world = stillWorld();
	const conversation = createConversation(world);
	const first = await given(conversation, world);
	const second = await given(conversation, world);
	assert.deepEqual(
		second.map(({role}) => role),
		first.map(({role}) => role),
	);
	assert.deepEqual(
		second.map(({standing}) => standing),
		['kept', 'kept'],
	);

	const others = await Promise.all(
		Array.from({length: 12}, async () =>
			(await given(createConversation(world), world))
				.map(({role}) => role)
				.join(','),
		),
	);
	assert.equal(new Set(others).size, 2);
});

test('a role nobody knows is refused before anything is called, also where it would not be given', async () => {
	const actors = cast();

	for (const consortium of [
		withStrategy({roles: ['skeptic', 'researcher', 'skeptick']}),
		{members: [{slot: 'a', model: 'a', count: 1, role: 'skeptick'}]},
	]) {
		await assert.rejects(
			play(actors, {roles, consortium}),
			/There is no role called "skeptick"\./v,
		);
	}

	assert.equal(actors.a.heard.length, 0);
	assert.throws(() => {
		assertStrategies(consortiumOf({}, withStrategy({})));
	}, /has no roles to give out/v);
});

test('a resumed run keeps its roles, whatever they are called by now', async () => {
	const world = stillWorld();
	const actors = () => ({
		a: modelThat(({system}) => system!.slice(-20)),
		b: modelThat(({system}) => system!.slice(-20)),
		arbiter: modelThat(() => verdictText()),
	});
	const consortium = withStrategy({roles: ['skeptic', 'researcher']});
	const whole = await play(actors(), {roles, world, consortium});

	for (let count = 1; count < whole.events.length; count++) {
		const {events, result} = await resumedAfter(count, whole, {
			cast: actors(),
			consortium,
			world,
		});
		assert.deepEqual(brokenRules(events), [], `after ${count}`);
		const answersOf = ({iterations}: typeof result) =>
			iterations[0]!.instances
				.filter(({state}) => state === 'answered')
				.map(({id, answer}) => `${id} ${answer}`)
				.toSorted();
		assert.deepEqual(
			answersOf(result),
			answersOf(whole.result),
			`after ${count}`,
		);
	}
});
