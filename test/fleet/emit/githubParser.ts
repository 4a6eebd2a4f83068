/** GitHub's own parser of workflows: its schema, the expressions, and which job needs which. It imports JSON as bundlers do, so it is bundled. */
export { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
