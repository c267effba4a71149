import {assertConsortium} from '../source/core/assert-consortium.js';
import {
	consortiumDefaults,
	type SavedConsortium,
} from '../source/core/consortium.js';
import {arbiterNames} from './simulated-cast.js';
import {type SimulatedWorld} from './simulated-questions.js';

/**
A way to ask a consortium.
*/
export type StrategyRow = {
	readonly name: string;
	readonly of: (world: SimulatedWorld) => Partial<SavedConsortium>;
};

type Given = Readonly<Record<string, unknown>>;

const by =
	(...named: ReadonlyArray<readonly [string, Given?]>) =>
	(): Partial<SavedConsortium> => ({
		strategies: named.map(([name, given = {}]) => ({name, params: given})),
	});

const roles = ['role', {roles: ['skeptic', 'researcher', 'verifier']}] as const;

const weights = ({kinds}: SimulatedWorld) =>
	({
		name: 'weighted',
		params: {
			accuracy: Object.fromEntries(kinds.map(({slot, skill}) => [slot, skill])),
		},
	}) as const;

/**
Plain synthesis, with which the others are compared.
*/
export const plain = 'default';

export const strategyRows: readonly StrategyRow[] = [
	{name: plain, of: by(['default'])},
	{name: 'rank', of: () => ({judging: 'rank'})},
	{name: 'pick', of: () => ({judging: 'pick'})},
	{
		name: 'panel',
		of: () => ({
			judging: 'panel',
			arbiters: arbiterNames.map(model => ({model})),
		}),
	},
	{name: 'peer', of: () => ({judging: 'peer'})},
	{name: 'voting', of: by(['voting'])},
	{name: 'voting plurality', of: by(['voting', {rule: 'plurality'}])},
	{name: 'voting confidence', of: by(['voting', {rule: 'confidence'}])},
	{name: 'voting, arbiter always', of: by(['voting', {arbiter: 'always'}])},
	{
		name: 'weighted',
		of: world => ({strategies: [weights(world)]}),
	},
	{
		name: 'weighted,voting',
		of: world => ({
			strategies: [weights(world), {name: 'voting', params: {}}],
		}),
	},
	{name: 'role', of: by(roles)},
	{name: 'role,voting', of: by(roles, ['voting'])},
	{name: 'semantic (wording)', of: by(['semantic'])},
	{
		name: 'semantic (embeddings)',
		of: by(['semantic', {embedding: 'sim/embedding'}]),
	},
	{name: 'adaptive', of: by(['adaptive'])},
	{name: 'adaptive,voting', of: by(['adaptive'], ['voting'])},
	{
		name: 'tiered',
		of: ({tiers}) => ({strategies: [{name: 'tiered', params: {tiers}}]}),
	},
	{
		name: 'tiered,voting',
		of: ({tiers}) => ({
			strategies: [
				{name: 'tiered', params: {tiers}},
				{name: 'voting', params: {}},
			],
		}),
	},
	{name: 'elimination', of: by(['elimination'])},
	{
		name: 'elimination, rank',
		of: () => ({...by(['elimination'])(), judging: 'rank'}),
	},
	{name: 'quorum', of: by(['quorum'])},
	{name: 'quorum, hedge 15 s', of: by(['quorum', {hedge: 15}])},
];

export function consortiumFor(
	world: SimulatedWorld,
	{name, of}: StrategyRow,
): SavedConsortium {
	const consortium: SavedConsortium = {
		...consortiumDefaults,
		name,
		members: world.kinds.map(({slot, model}, seed) => ({
			slot,
			model,
			count: 1,
			options: {seed},
		})),
		arbiters: [{model: arbiterNames[0]!}],
		...of(world),
	};
	assertConsortium(consortium);
	return consortium;
}
