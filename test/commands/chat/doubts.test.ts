import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {keepDoubts} from '../../../source/store/backfill/doubts.js';
import {keepFoundRuns} from '../../../source/store/backfill/keep.js';
import {missingText} from '../../../source/store/backfill/missing.js';
import {openLog} from '../../../source/store/database.js';
import {doubt, foundRun, proposal} from '../../helpers/found-runs.js';
import {addImported, early, idOf} from '../../helpers/imported.js';
import {emptyFolder} from '../../helpers/program.js';
import {servicesAt} from '../../helpers/services.js';

test('what is doubted is told with what is wanting, what speaks for it and against it, and what is missing', async t => {
	const home = emptyFolder();
	const log = openLog(join(home, 'log.db'));
	const [member, judge, output] = [
		idOf(early, 1),
		idOf(early, 2),
		idOf(early, 3),
	];
	addImported(
		log,
		{id: member, at: early},
		{id: judge, at: early},
		{id: output, at: early},
	);

	for (const [missing, told] of [
		[3, '3 answers of its members are missing; this may be one of them.'],
		[1, '1 answer of its members is missing; this may be one of them.'],
	] as const) {
		const problems = [missingText(missing), 'It is odd.'];
		keepFoundRuns(
			log,
			[foundRun({outputId: output, arbiterId: judge, problems})],
			'evidence',
		);
		const place = proposal(output, {
			evidence: ['question', 'time', 'model', 'next'],
			score: 6,
		});
		const arbiter = {...place, role: 'arbiter', iteration: 2} as const;
		keepDoubts(
			log,
			[
				doubt('d1', {responseId: member, proposals: [place]}),
				doubt('d2', {
					responseId: member,
					kind: 'tie',
					reason: 'Two places.',
					proposals: [place, arbiter],
				}),
			],
			1,
		);
		const {services, close} = servicesAt(t, {home});
		const {entries} = await services.doubts(null);
		await close();
		assert.equal(
			entries[0]!.reason,
			'Not certain (6 of the 7 points that are needed): it was asked the question of the run; it was made while the run went on; the run asked this model; it is its neighbour in the log; against it: no text is known of the run that is the same; a person may have typed its prompt.',
		);
		assert.equal(entries[1]!.reason, 'Two places.');
		assert.deepEqual(
			entries[1]!.proposals.map(({run}) => run?.problems),
			[[told, 'It is odd.'], problems],
		);
	}

	log.close();
});
