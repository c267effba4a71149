import {createGenerator} from 'ts-json-schema-generator';

/**
The JSON Schemas of what the program prints, made from its types, by file name.
*/
export function schemas() {
	return {
		'result.schema.json': schemaOf({
			file: 'source/core/result.ts',
			type: 'RunResult',
			title: 'The result of a run: --json and -o',
			id: 'urn:consortium-tui:result:1',
		}),
		'events.schema.json': schemaOf({
			file: 'source/output/ndjson.ts',
			type: 'EventLine',
			title: 'One line of --events',
			id: 'urn:consortium-tui:event:1',
		}),
		'run.schema.json': schemaOf({
			file: 'source/commands/runs/show.ts',
			type: 'ShownRun',
			title: 'A run in the log: runs show --json, runs export --format json',
			id: 'urn:consortium-tui:run:1',
		}),
	};
}

function schemaOf({file, type, title, id}) {
	const {$schema, ...schema} = createGenerator({
		path: file,
		tsconfig: 'tsconfig.json',
		type,
		topRef: false,
		additionalProperties: false,
		// The type check is a step of its own.
		skipTypeCheck: true,
	}).createSchema(type);

	return {$schema, $id: id, title, ...schema};
}
