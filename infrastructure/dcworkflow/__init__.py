"""Workflow definitions of Plone (`definition.xml` of DCWorkflow): read, written, never executed."""

from infrastructure.dcworkflow.folder import Folder as Folder
from infrastructure.dcworkflow.notes import Note as Note
from infrastructure.dcworkflow.reading import Imported as Imported
from infrastructure.dcworkflow.reading import read_definition_file as read_definition_file
from infrastructure.dcworkflow.reading import read_definition_xml as read_definition_xml
from infrastructure.dcworkflow.writing import not_written as not_written
from infrastructure.dcworkflow.writing import write_definition_xml as write_definition_xml
from infrastructure.dcworkflow.xml import LARGEST as LARGEST
from infrastructure.dcworkflow.xml import UnreadableDefinition as UnreadableDefinition
