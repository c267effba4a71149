import assert from 'node:assert/strict';
import {
	copyFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import {type FoundRun} from '../../../source/store/backfill/found.js';
import {
	explainedFile,
	openTheirs,
} from '../../../source/store/backfill/their-file.js';
import {claimNames} from '../../../source/store/backfill/undo-file.js';
import {takeBack} from '../../../source/store/backfill/undo.js';
import {
	backUpTo,
	pendingIn,
	stageRuns,
	writeStaged,
} from '../../../source/store/backfill/write-back.js';
import {openLog} from '../../../source/store/database.js';
import {foundRun} from '../../helpers/found-runs.js';
import {emptyFolder} from '../../helpers/program.js';

const fixture = fileURLToPath(
	new URL('../../fixtures/llm/logs-0.31.db', import.meta.url),
);

function copyOfReal(): {path: string; undoPath: string} {
	const path = join(emptyFolder(), 'logs.db');
	copyFileSync(fixture, path);
	chmodSync(path, 0o644);
	return {path, undoPath: `${path}.undo.jsonl`};
}

/**
The schema and every row of every table, and what search finds.
*/
function contentOf(path: string): unknown {
	const database = new Database(path, {readonly: true});

	try {
		const schema = database
			.prepare<[], {type: string; name: string}>(
				'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name',
			)
			.all();
		const tables = schema
			.filter(({type, name}) => type === 'table' && !name.includes('_fts'))
			.map(({name}) => [
				name,
				database.prepare(`SELECT rowid, * FROM "${name}" ORDER BY 1`).all(),
			]);
		const found = schema.some(({name}) => name === 'responses_fts')
			? database
					.prepare(
						"SELECT rowid FROM responses_fts WHERE responses_fts MATCH 'the OR a'",
					)
					.all()
			: [];
		return {schema, tables, found};
	} finally {
		database.close();
	}
}

function write(path: string, undoPath: string, runs: readonly FoundRun[]) {
	const database = openTheirs(path);

	try {
		const stage = stageRuns(database);

		for (const run of runs) {
			stage(run);
		}

		const expected = pendingIn(database);
		const written = writeStaged(database, undoPath);
		assert.deepEqual(written, expected);
		return written;
	} finally {
		database.close();
	}
}

function idsIn(path: string): string[] {
	const database = new Database(path, {readonly: true});

	try {
		return database
			.prepare<[], string>('SELECT id FROM responses ORDER BY id')
			.pluck()
			.all();
	} finally {
		database.close();
	}
}

function change(path: string, ...statements: readonly string[]): void {
	const database = new Database(path);

	try {
		database.exec(['BEGIN', ...statements, 'COMMIT'].join(';'));
	} finally {
		database.close();
	}
}

const saidIn = (path: string) => {
	const database = new Database(path, {readonly: true});

	try {
		return Object.fromEntries(
			database
				.prepare<[], {id: string; run: unknown; flag: unknown}>(
					`SELECT id, consortium_id AS run, is_arbiter_response AS flag
					FROM responses`,
				)
				.all()
				.map(({id, run, flag}) => [id, [run, flag]]),
		);
	} finally {
		database.close();
	}
};

test('runs are written into the two columns, and taking them back leaves the file as it was', async () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1, m1, m2, a2, m3] = idsIn(path);
	const before = contentOf(path);
	const written = write(path, undoPath, [
		foundRun({outputId: o1!, arbiterId: a1!, memberIds: [m1!, m2!]}),
		foundRun({arbiterId: a2!, memberIds: [m3!, 'a row that is not there']}),
	]);
	assert.deepEqual(written, {responses: 6, runs: 2, contradicted: 0});
	const said = saidIn(path);
	assert.deepEqual(said[o1!], [o1, 0]);
	assert.deepEqual(said[a1!], [o1, 1]);
	assert.deepEqual(said[m3!], [`run-of-${a2}`, 0]);
	assert.deepEqual(said[idsIn(path)[6]!], [null, 0]);
	assert.equal(statSync(undoPath).mode % 0o1000, 0o600);

	assert.deepEqual(await takeBack(undoPath), {
		path,
		restored: 6,
		leftAlone: 0,
		columnsKept: [],
	});
	assert.deepEqual(contentOf(path), before);
});

for (const type of ['TEXT', 'BLOB', 'REAL', 'NUMERIC', 'INTEGER', '']) {
	for (const value of ['0', "'0'", '0.0', 'NULL']) {
		// Text that is no 0 of its column was said by somebody.
		const isOther =
			(value === "'0'" && ['BLOB', ''].includes(type)) ||
			(value === '0.0' && type === 'TEXT');

		test(`what the column said, ${value} in one of type ${type || 'none'}, is back after writing and taking back`, async () => {
			const {path, undoPath} = copyOfReal();
			const [o1, a1] = idsIn(path);
			change(
				path,
				`ALTER TABLE responses ADD COLUMN is_arbiter_response ${type}`,
				`UPDATE responses SET is_arbiter_response = ${value}`,
			);
			const before = contentOf(path);
			const {responses} = write(path, undoPath, [
				foundRun({outputId: o1!, arbiterId: a1!}),
			]);

			if (isOther) {
				assert.equal(responses, 0);
			} else {
				assert.equal((await takeBack(undoPath)).restored, 2);
			}

			assert.deepEqual(contentOf(path), before);
		});
	}
}

test('a run that the file names by bytes is left alone', () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1] = idsIn(path);
	change(
		path,
		'ALTER TABLE responses ADD COLUMN consortium_id',
		`UPDATE responses SET consortium_id = x'00ff' WHERE id = '${a1}'`,
	);
	assert.deepEqual(
		write(path, undoPath, [foundRun({outputId: o1!, arbiterId: a1!})]),
		{responses: 0, runs: 0, contradicted: 1},
	);
});

test('nothing is written that could not be read again to take it back', () => {
	const {path, undoPath} = copyOfReal();
	const long = 'x'.repeat(1_100_000);
	change(path, `INSERT INTO responses (id) VALUES ('${long}')`);
	const odd = join(emptyFolder(), 'logs\n.db');
	copyFileSync(path, odd);
	const [o1, a1] = idsIn(path);
	const before = contentOf(path);

	for (const [file, arbiterId, message] of [
		[path, long, /has an id that cannot be noted for undoing/],
		[odd, a1!, /has control characters in it/],
	] as const) {
		assert.throws(
			() => write(file, undoPath, [foundRun({outputId: o1!, arbiterId})]),
			{name: 'UserError', message},
		);
		assert.deepEqual(contentOf(file), before);
		assert.equal(existsSync(undoPath), false);
	}
});

test('writing a second time changes nothing', () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1, m1] = idsIn(path);
	const run = foundRun({outputId: o1!, arbiterId: a1!, memberIds: [m1!]});
	write(path, undoPath, [run]);
	const once = contentOf(path);
	assert.deepEqual(write(path, `${undoPath}-2`, [run]), {
		responses: 0,
		runs: 0,
		contradicted: 0,
	});
	assert.deepEqual(contentOf(path), once);
	assert.equal(existsSync(`${undoPath}-2`), false);
});

test('an arbiter that somebody marked by hand is left as it is', () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1, m1] = idsIn(path);
	change(
		path,
		'ALTER TABLE responses ADD COLUMN consortium_id TEXT',
		'ALTER TABLE responses ADD COLUMN is_arbiter_response INTEGER DEFAULT 0',
		`UPDATE responses SET is_arbiter_response = 2 WHERE id = '${m1}'`,
	);
	write(path, undoPath, [
		foundRun({outputId: o1!, arbiterId: a1!, memberIds: [m1!]}),
	]);
	assert.deepEqual(saidIn(path)[m1!], [null, 2]);
	assert.deepEqual(saidIn(path)[a1!], [o1, 1]);
});

test('a trigger with a name made to be executed is a trigger and nothing else', () => {
	const {path, undoPath} = copyOfReal();
	const victim = join(emptyFolder(), 'victim.db');
	change(victim, 'CREATE TABLE precious AS SELECT 1 AS kept');
	change(
		path,
		'CREATE TABLE seen (id TEXT)',
		`CREATE TRIGGER "x""; ATTACH '${victim}' AS v; DELETE FROM v.precious; COMMIT; --"
			AFTER UPDATE ON responses BEGIN
				/* responses_fts */ INSERT INTO seen VALUES (new.id); END`,
	);
	const [o1, a1] = idsIn(path);
	write(path, undoPath, [foundRun({outputId: o1!, arbiterId: a1!})]);
	assert.deepEqual(saidIn(path)[a1!], [o1, 1]);

	const database = new Database(victim, {readonly: true});
	assert.deepEqual(database.prepare('SELECT * FROM precious').all(), [
		{kept: 1},
	]);
	database.close();
});

test('no two processes have the same names beside a file', () => {
	const {path} = copyOfReal();
	const now = new Date('2026-11-20T22:11:31.397Z');
	const first = claimNames(path, now);
	assert.deepEqual(first, {
		backup: `${path}.before-backfill-20261120T221131Z.bak`,
		undo: `${path}.backfill-20261120T221131Z.undo.jsonl`,
	});
	assert.deepEqual(claimNames(path, now), {
		backup: `${path}.before-backfill-20261120T221131Z_2.bak`,
		undo: `${path}.backfill-20261120T221131Z_2.undo.jsonl`,
	});
	assert.equal(statSync(first.undo).mode % 0o1000, 0o600);
});

test('what the file says itself stays: a run goes on under its name there, and one with two names is left alone', () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1, m1, o2, a2, m2, m3] = idsIn(path);
	change(
		path,
		'ALTER TABLE responses ADD COLUMN [Consortium_ID] TEXT',
		`UPDATE responses SET consortium_id = 'ksuid' WHERE id = '${a1}'`,
		`UPDATE responses SET consortium_id = 'one' WHERE id = '${a2}'`,
		`UPDATE responses SET consortium_id = 'two' WHERE id = '${m2}'`,
	);
	assert.deepEqual(
		write(path, undoPath, [
			foundRun({outputId: o1!, arbiterId: a1!, memberIds: [m1!]}),
			foundRun({outputId: o2!, arbiterId: a2!, memberIds: [m2!, m3!]}),
		]),
		{responses: 2, runs: 1, contradicted: 1},
	);
	const said = saidIn(path);
	assert.deepEqual(
		[o1, a1, m1, o2, a2, m2, m3].map(id => said[id!]),
		[
			['ksuid', 0],
			['ksuid', 0],
			['ksuid', 0],
			[null, 0],
			['one', 0],
			['two', 0],
			[null, 0],
		],
	);
});

test('what was changed since is left alone when writing is taken back, and keeps its columns', async () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1, m1, mine] = idsIn(path);
	write(path, undoPath, [
		foundRun({outputId: o1!, arbiterId: a1!, memberIds: [m1!]}),
	]);
	change(
		path,
		`UPDATE responses SET consortium_id = 'mine' WHERE id IN ('${a1}', '${mine}')`,
	);
	assert.deepEqual(await takeBack(undoPath), {
		path,
		restored: 2,
		leftAlone: 1,
		columnsKept: ['consortium_id', 'is_arbiter_response'],
	});
	const said = saidIn(path);
	assert.deepEqual(
		[o1, a1, m1, mine].map(id => said[id!]),
		[
			[null, 0],
			['mine', 1],
			[null, 0],
			['mine', 0],
		],
	);
});

test('a column that somebody else uses by now stays', async () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1] = idsIn(path);
	write(path, undoPath, [foundRun({outputId: o1!, arbiterId: a1!})]);
	change(path, 'CREATE VIEW mine AS SELECT consortium_id FROM responses');
	const {restored, columnsKept} = await takeBack(undoPath);
	assert.equal(restored, 2);
	assert.deepEqual(columnsKept, ['consortium_id']);
});

test('taking back twice finds nothing more to do', async () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1] = idsIn(path);
	write(path, undoPath, [foundRun({outputId: o1!, arbiterId: a1!})]);
	await takeBack(undoPath);
	const once = contentOf(path);
	assert.deepEqual(await takeBack(undoPath), {
		path,
		restored: 0,
		leftAlone: 2,
		columnsKept: [],
	});
	assert.deepEqual(contentOf(path), once);
});

const ids = Array.from({length: 10}, (_, index) => `r${index}`);
const flagValues = [0, 1, 2, null] as const;

test('whatever a file says already, writing overwrites none of it, is no different the second time, and can be taken back whole', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.subarray(['consortium_id TEXT', 'is_arbiter_response INTEGER']),
			fc.array(
				fc.record({
					id: fc.constantFrom(...ids),
					run: fc.constantFrom(null, 'x', 'y'),
					flag: fc.constantFrom(...flagValues),
				}),
			),
			fc.array(fc.shuffledSubarray(ids, {minLength: 2}), {maxLength: 4}),
			fc.boolean(),
			async (columns, values, groups, hasKey) => {
				const path = join(emptyFolder(), 'logs.db');
				const undoPath = `${path}.undo.jsonl`;
				change(
					path,
					`CREATE TABLE responses (id TEXT ${hasKey ? 'PRIMARY KEY' : ''}, model TEXT, prompt TEXT, response TEXT)`,
					...columns.map(
						column => `ALTER TABLE responses ADD COLUMN ${column}`,
					),
					...ids.map(
						id =>
							`INSERT INTO responses (id, prompt) VALUES ('${id}', 'of ${id}')`,
					),
				);

				change(
					path,
					...values.flatMap(({id, run, flag}) =>
						columns.map(column =>
							column.startsWith('c')
								? `UPDATE responses SET consortium_id = ${run === null ? 'NULL' : `'${run}'`} WHERE id = '${id}'`
								: `UPDATE responses SET is_arbiter_response = ${flag ?? 'NULL'} WHERE id = '${id}'`,
						),
					),
				);

				const said = columns.length === 2 ? saidIn(path) : {};
				const runs = groups.map(([outputId, arbiterId, ...memberIds]) =>
					foundRun({
						outputId: outputId!,
						arbiterId: arbiterId!,
						memberIds,
					}),
				);
				const before = contentOf(path);

				if (write(path, undoPath, runs).responses === 0) {
					assert.deepEqual(contentOf(path), before);
					return;
				}

				const once = contentOf(path);
				const after = saidIn(path);

				for (const [id, [run, flag]] of Object.entries(said)) {
					if (run !== null || (flag !== null && flag !== 0)) {
						assert.deepEqual(after[id], [run, flag]);
					}
				}

				assert.equal(write(path, `${undoPath}-2`, runs).responses, 0);
				assert.deepEqual(contentOf(path), once);
				await takeBack(undoPath);
				assert.deepEqual(contentOf(path), before);
			},
		),
		{numRuns: 60},
	);
});

test('when writing fails, the file is as it was and no file for undoing is left', () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1] = idsIn(path);
	change(
		path,
		`CREATE TRIGGER never BEFORE UPDATE ON responses
			BEGIN SELECT raise(ABORT, 'never'); END`,
	);
	const before = contentOf(path);
	assert.throws(
		() => write(path, undoPath, [foundRun({outputId: o1!, arbiterId: a1!})]),
		/never/,
	);
	assert.deepEqual(contentOf(path), before);
	assert.equal(existsSync(undoPath), false);
});

test('what would be written is counted while another program writes, and nothing is locked or changed by it', () => {
	const {path} = copyOfReal();
	const many = Array.from({length: 5000}, (_, nth) => `many${nth}`);
	change(
		path,
		...many.map(id => `INSERT INTO responses (id) VALUES ('${id}')`),
		"INSERT INTO responses (id) VALUES ('')",
	);
	const before = contentOf(path);
	const database = openTheirs(path);
	const llm = new Database(path, {timeout: 0});
	const stage = stageRuns(database);
	const [o1, a1, ...memberIds] = many;
	stage(foundRun({outputId: o1!, arbiterId: a1!, memberIds}));
	stage(foundRun({arbiterId: ''}));
	llm.exec('BEGIN IMMEDIATE');
	assert.deepEqual(pendingIn(database), {
		responses: 5001,
		runs: 2,
		contradicted: 0,
	});
	llm.exec('COMMIT');
	database.close();
	llm.close();
	assert.deepEqual(contentOf(path), before);
});

test('a copy is whole and only for its owner, also while another program writes', async () => {
	const {path} = copyOfReal();
	const copy = `${path}.bak`;
	const database = openTheirs(path);
	const llm = new Database(path, {timeout: 1});
	const copying = backUpTo(database, copy, {
		onHurry() {
			assert.fail('one change is not many');
		},
	});
	llm.exec("INSERT INTO responses (id, prompt) VALUES ('new', 'meanwhile')");
	await copying;
	llm.close();
	database.close();
	assert.equal(statSync(copy).mode % 0o1000, 0o600);
	assert.deepEqual(contentOf(copy), contentOf(path));
	assert.deepEqual(readdirSync(join(path, '..')).toSorted(), [
		'logs.db',
		'logs.db.bak',
	]);
});

const messageOf = (path: string, work: () => unknown) => {
	try {
		work();
	} catch (error) {
		return (explainedFile(path, error) as Error).message;
	}

	return 'nothing was wrong';
};

test('a copy comes to its end though another program never stops writing, which is told once', async () => {
	const {path} = copyOfReal();
	change(path, 'CREATE TABLE big AS SELECT zeroblob(30000000) AS bytes');
	const copy = `${path}.bak`;
	const database = openTheirs(path);
	const llm = new Database(path, {timeout: 5000});
	llm.exec('CREATE TABLE log (word TEXT)');
	const insert = llm.prepare("INSERT INTO log VALUES ('meanwhile')");
	let hurried = 0;
	const state = {isOver: false};
	const copying = backUpTo(database, copy, {
		onHurry() {
			hurried++;
		},
	}).finally(() => {
		state.isOver = true;
	});

	while (!state.isOver) {
		insert.run();
		await setImmediate();
	}

	await copying;
	database.close();
	llm.close();
	assert.equal(hurried, 1);
	assert.ok(idsIn(copy).length > 0);
});

test('what is no log of llm, or may not be written, is refused in a sentence', () => {
	const folder = emptyFolder();
	const at = (name: string) => join(folder, name);
	mkdirSync(at('folder'));
	writeFileSync(at('text'), 'hello '.repeat(100));
	writeFileSync(at('empty'), '');
	change(at('foreign'), 'CREATE TABLE things (id)');
	change(
		at('view'),
		'CREATE VIEW responses AS SELECT 1 AS id, 2 AS model, 3 AS prompt, 4 AS response',
	);
	change(
		at('keyed'),
		'CREATE TABLE responses (id TEXT PRIMARY KEY, model, prompt, response) WITHOUT ROWID',
	);
	change(
		at('computed'),
		'CREATE TABLE responses (id TEXT, model, prompt, response, Consortium_id TEXT AS (id))',
	);
	openLog(at('ours')).close();
	const {path: readOnly} = copyOfReal();
	chmodSync(readOnly, 0o444);
	const {path: damaged} = copyOfReal();
	writeFileSync(damaged, readFileSync(damaged).fill(7, 100, 8000));

	for (const [path, message] of [
		[at('missing'), /There is no file .*missing/],
		[at('folder'), /is no file/],
		[at('text'), /is not a SQLite database/],
		[at('empty'), /has no table of answers/],
		[at('foreign'), /has no table of answers/],
		[at('view'), /in no ordinary table with rowids/],
		[at('keyed'), /in no ordinary table with rowids/],
		[at('computed'), /The column Consortium_id of .*computed is computed/],
		[at('ours'), /is a log of consortium-tui/],
		[readOnly, /is read-only/],
		[damaged, /is damaged/],
	] as const) {
		assert.match(
			messageOf(path, () => openTheirs(path).close()),
			message,
		);
	}
});

test('a file for undoing that is none, or damaged, changes nothing', async () => {
	const {path, undoPath} = copyOfReal();
	const [o1, a1] = idsIn(path);
	write(path, undoPath, [foundRun({outputId: o1!, arbiterId: a1!})]);
	const written = contentOf(path);
	const text = readFileSync(undoPath, 'utf8');
	const head = text.split('\n', 1)[0]!;

	for (const [changed, message] of [
		['', /is not a file that/],
		['hello', /is not a file that/],
		['null', /is not a file that/],
		[head.replace('logs.db', '../logs.db'), /is not a file that/],
		[head.replace('consortium_id', 'prompt'), /is not a file that/],
		...['', '.', '..', String.raw`logs\u0000.db`, String.raw`\u009b2J.db`].map(
			name =>
				[head.replace('logs.db', () => name), /is not a file that/] as const,
		),
		['x'.repeat(70_000), /is not a file that/],
		[`${' '.repeat(70_000)}${text}`, /is not a file that/],
		[
			`${head}\n{"id":"${'x'.repeat(1_100_000)}","run":"r","flag":0,"flagBefore":0}\n`,
			/is damaged in line 2/,
		],
		[`${head}\n\n`, /is damaged in line 2/],
		[text.slice(0, -10), /is damaged in line 3/],
		[`${text}{"id":7}\n`, /is damaged in line 4/],
		[head.replace('logs.db', 'gone.db'), /There is no file .*gone\.db/],
	] as const) {
		writeFileSync(undoPath, changed);
		await assert.rejects(takeBack(undoPath), message);
	}

	await assert.rejects(takeBack(`${undoPath}-none`), /There is no file/);
	assert.deepEqual(contentOf(path), written);
});
