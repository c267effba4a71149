import process from 'node:process';
import {parseArgs} from 'node:util';
import {
	measureWorld,
	type MeasuredRow,
	type MeasuredWorld,
} from './measured-rows.js';
import {simulatedWorlds} from './simulated-worlds.js';
import {plain, strategyRows} from './strategy-rows.js';

/*
How often each strategy and each way to weigh answers is right, in worlds that are made up, and what it costs: the real engine, with members whose skill, correlation and calibration are known. The same seed gives the same bytes. Every run has to obey some rules; what breaks one is told, and the figures are no gate.

--questions N (100), --seed N (1), --world NAME, --row NAME (again for more; `default` is always there), --discernment D (how well the arbiter tells right from wrong), --prose (no answer ends in a value), --json
*/

const {values} = parseArgs({
	options: {
		questions: {type: 'string', default: '100'},
		seed: {type: 'string', default: '1'},
		world: {type: 'string'},
		row: {type: 'string', multiple: true},
		discernment: {type: 'string'},
		prose: {type: 'boolean', default: false},
		json: {type: 'boolean', default: false},
	},
});
const asked = {
	questions: Number(values.questions),
	seed: Number(values.seed),
	rows: strategyRows.filter(
		({name}) => name === plain || (values.row?.includes(name) ?? true),
	),
};
const worlds = simulatedWorlds
	.filter(({name}) => values.world === undefined || name === values.world)
	.map(world => ({
		...world,
		isProse: values.prose || world.isProse,
		discernment: Number(values.discernment ?? world.discernment),
	}));

if (
	worlds.length === 0 ||
	!Number.isSafeInteger(asked.questions) ||
	asked.questions < 1 ||
	!Number.isSafeInteger(asked.seed) ||
	worlds.some(({discernment}) => !(discernment >= 0)) ||
	(values.row ?? []).some(each => strategyRows.every(({name}) => name !== each))
) {
	throw new Error(
		`Give numbers, a world of ${simulatedWorlds.map(({name}) => name).join(', ')}, and rows of ${strategyRows.map(({name}) => `"${name}"`).join(', ')}.`,
	);
}

const percent = (share: number) => (100 * share).toFixed(1);
const signed = ({difference, margin}: MeasuredRow['toBest']) =>
	`${difference < 0 ? '−' : '+'}${percent(Math.abs(difference))} ± ${percent(margin)}`;

const columns: ReadonlyArray<readonly [string, (row: MeasuredRow) => string]> =
	[
		['strategy', ({row}) => row],
		['right %', ({accuracy}) => percent(accuracy.share)],
		[
			'95%',
			({accuracy}) => `${percent(accuracy.low)} to ${percent(accuracy.high)}`,
		],
		['to best member', ({toBest}) => signed(toBest)],
		['to default', ({toPlain}) => signed(toPlain)],
		['calls', ({calls}) => calls.toFixed(1)],
		['$ per 1000', ({usd}) => (1000 * usd).toFixed(1)],
		['s', ({seconds}) => seconds.toFixed(0)],
		['open %', ({unconverged}) => percent(unconverged)],
		['Brier', ({calibration}) => calibration?.brier.toFixed(3) ?? ''],
		['ECE', ({calibration}) => calibration?.ece.toFixed(3) ?? ''],
	];

function table({world, best, rows}: MeasuredWorld): string {
	const lines = [
		columns.map(([title]) => title),
		columns.map(() => '---'),
		...rows.map(row => columns.map(([, cell]) => cell(row))),
	];

	return [
		`World "${world}": the best member alone is right in ${percent(best.share)}% (${percent(best.low)} to ${percent(best.high)}).`,
		'',
		...lines.map(cells => `| ${cells.join(' | ')} |`),
		'',
	].join('\n');
}

const measured: MeasuredWorld[] = [];

for (const world of worlds) {
	const found = await measureWorld(world, asked);
	measured.push(found);

	if (!values.json) {
		console.log(table(found));
	}
}

const broken = measured.flatMap(({rows}) => rows.flatMap(row => row.broken));

if (values.json) {
	process.stdout.write(
		`${JSON.stringify({questions: asked.questions, seed: asked.seed, worlds: measured}, null, '\t')}\n`,
	);
} else {
	console.log(
		broken.length === 0
			? 'Every run obeyed the rules.'
			: `Rules were broken:\n${broken.join('\n')}`,
	);
}
