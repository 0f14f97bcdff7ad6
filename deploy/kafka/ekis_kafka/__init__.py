"""EKIS on a broker: topics and access rules as deploy/kafka/*.yaml say, and principals of city systems."""
