import {type SavedConsortium} from '../source/core/consortium.js';
import {
	brokenIn,
	changedByResume,
	changedDecisions,
	contradicted,
	mostCallsOf,
} from './run-rules.js';
import {
	firstClaim,
	questionOf,
	type SimulatedQuestion,
	type SimulatedWorld,
} from './simulated-questions.js';
import {playSimulated, type SimulatedRun} from './simulated-run.js';
import {calibrationOf, pairedDifference, wilson} from './statistics.js';
import {
	consortiumFor,
	plain,
	strategyRows,
	type StrategyRow,
} from './strategy-rows.js';

/**
What one way to ask came to in one world: shares from 0 to 1, differences on the same questions with half their 95% interval, and means for a question.
*/
export type MeasuredRow = {
	readonly world: string;
	readonly row: string;
	readonly accuracy: ReturnType<typeof wilson>;
	readonly toBest: ReturnType<typeof pairedDifference>;
	readonly toPlain: ReturnType<typeof pairedDifference>;
	readonly calls: number;
	readonly usd: number;
	readonly seconds: number;

	/**
	The share of runs that ended without being confident.
	*/
	readonly unconverged: number;
	readonly calibration: ReturnType<typeof calibrationOf>;
	readonly broken: readonly string[];
};

export type MeasuredWorld = {
	readonly world: string;

	/**
	How often the member of the highest skill is right by itself.
	*/
	readonly best: ReturnType<typeof wilson>;
	readonly rows: readonly MeasuredRow[];
};

/**
One question in so many is also resumed, decided anew from its events, and asked of everyone.
*/
const sampled = 10;

export async function measureWorld(
	world: SimulatedWorld,
	{
		questions: count,
		seed,
		rows: ways = strategyRows,
	}: {
		readonly questions: number;
		readonly seed: number;

		/**
		Plain synthesis among them, before the others.
		*/
		readonly rows?: readonly StrategyRow[];
	},
): Promise<MeasuredWorld> {
	const questions = Array.from({length: count}, (_, index) =>
		questionOf(world, index, seed),
	);
	const [expert] = world.kinds.toSorted(
		(one, other) => other.skill - one.skill,
	);
	const alone = questions.map(
		question => firstClaim(question, expert!, null).option === question.truth,
	);
	const rows: MeasuredRow[] = [];
	let toPlain: readonly boolean[] = [];

	for (const row of ways) {
		const consortium = consortiumFor(world, row);
		const {runs, broken} = await playAll(questions, consortium);
		const isRight = runs.map(run => run.isRight);
		toPlain = row.name === plain ? isRight : toPlain;
		const mean = (of: (run: SimulatedRun) => number) =>
			runs.reduce((sum, run) => sum + of(run), 0) / count;

		rows.push({
			world: world.name,
			row: row.name,
			accuracy: wilson(isRight.filter(Boolean).length, count),
			toBest: pairedDifference(isRight, alone),
			toPlain: pairedDifference(isRight, toPlain),
			calls: mean(({calls}) => calls),
			usd: mean(({usd}) => usd),
			seconds: mean(({result}) => result.durationMs / 1000),
			unconverged: mean(({result}) => Number(result.status === 'unconverged')),
			calibration: calibrationOf(
				runs.flatMap(run =>
					run.result.confidence === null
						? []
						: {confidence: run.result.confidence, isRight: run.isRight},
				),
			),
			broken,
		});
	}

	return {
		world: world.name,
		best: wilson(alone.filter(Boolean).length, count),
		rows,
	};
}

async function playAll(
	questions: readonly SimulatedQuestion[],
	consortium: SavedConsortium,
): Promise<{runs: SimulatedRun[]; broken: string[]}> {
	const mostCalls = await mostCallsOf(questions[0]!, consortium);
	const runs: SimulatedRun[] = [];
	const broken: string[] = [];

	// One after the other, so that all take their time alone.
	for (const question of questions) {
		const run = await playSimulated(question, consortium);
		const found = [
			...brokenIn(run, mostCalls),
			...(question.index % sampled === 0
				? await brokenInSample(question, consortium, run)
				: []),
			...(await contradicted(question, consortium, run)),
		];
		runs.push(run);
		broken.push(
			...found.map(
				rule =>
					`${question.world.name}, ${consortium.name}, question ${question.index}: ${rule}`,
			),
		);
	}

	return {runs, broken};
}

async function brokenInSample(
	question: SimulatedQuestion,
	consortium: SavedConsortium,
	run: SimulatedRun,
): Promise<string[]> {
	// Who is let go depends on when, and a resumed run goes on at another time.
	const isTimed = consortium.strategies.some(({name}) => name === 'quorum');

	return [
		...changedDecisions(run),
		...(isTimed ? [] : await changedByResume(question, consortium, run)),
	];
}
