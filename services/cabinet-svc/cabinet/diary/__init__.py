"""The diary: classes, pupils, timetable, lessons, marks, finals."""
